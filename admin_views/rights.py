"""Rechten: the policy's own sentences, and which of them are yours."""

from itertools import groupby

from flask_admin import expose
from flask_babel import gettext as _
from flask_login import current_user

from admin_views.guard import PolicyPage
from app.domain.actor import ROLE_WORDS, Role
from app.domain.policy import NAMED_CHECKS, RULES, Resource


class RightsView(PolicyPage):
    """Open to everyone who is signed in: who may what is no secret."""

    resource = Resource.CATALOGUE

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated)

    @expose("/")
    def index(self) -> str:
        order = list(Role)
        by_role = groupby(sorted(RULES, key=lambda rule: order.index(rule.role)), key=lambda rule: rule.role)
        groups = [
            {
                "words": _(ROLE_WORDS[role]),
                "mine": role in self.actor.roles,
                "sentences": list(dict.fromkeys(_(rule.sentence) for rule in rules)),
            }
            for role, rules in by_role
        ]
        checks = [_(sentence) for sentence, _where in NAMED_CHECKS]
        return self.render("rights/index.html", groups=sorted(groups, key=lambda one: not one["mine"]), checks=checks)
