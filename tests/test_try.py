from tests.factories import *
def test_a(session):
    d = town("Deinze"); u = local_admin(d); b=backup(d); absence(u,d,b); own_entry(); uit_event(d)
    n=NetworkFactory(); TopicFactory(); DeliveryFactory(); agreement(d, network("Regio Gent"), moderation=True)
    session.commit()
import pytest
@pytest.mark.parametrize("x", range(30))
def test_b(session, x):
    d = town("Deinze"); u = local_admin(d); own_entry(); session.commit()
def test_c(session):
    a=own_entry(); a.title="x"; session.commit()
def test_d(session):
    town("Deinze").name="x"; session.commit()
