from tests.admin_views import *
from tests.factories import *
def test_bulk(client, session, sign_in):
    c = cast()
    mine = own_entry(c.bib, title="weg?"); did=own_entry(OrganisationFactory(municipality=c.deinze)); eid=uit_event(c.gent).id; fid=uit_event(c.gent).id
    for who in ("netwerk","backup","gent","platform"):
        r = own_entry(OrganisationFactory(municipality=c.deinze if who=="netwerk" else c.gent)); rid=r.id
        a = sign_in(c[who]).send("/admin/activity/action/", {"action":"delete","rowid":rid})
        print(who, a.status, a.headers.get("Location"), exists(Activity, rid))
def test_routes(app, client, session, sign_in):
    c = cast()
    gid=own_entry(c.bib).id; uid=uit_event(c.gent).id; did=own_entry(c.bib,state=State.DRAFT).id
    for who in c.people:
        v=sign_in(c[who])
        for r in app.url_map.iter_rules():
            if "admin" not in r.rule: continue
            for i in (gid,uid,did,c.bib.id):
              for m in r.methods-{"OPTIONS","HEAD"}:
                path=r.rule.replace("<export_type>","csv").replace("<path:filename>","x")
                try:
                    a = v.get(f"{path}?id={i}") if m=="GET" else v.send(f"{path}?id={i}", {"id":i,"rowid":i})
                    if a.status_code>=500 : print(who,m,path,i,a.status, a.text[:0])
                except Exception as e: print("EXC",who,m,path,i,type(e),str(e)[:300])
def test_hosts(client):
    for h in ("evil.example","localhost:80","evil.example:5000"):
      for p in ("/","/login","/admin/","/static/css/base.css","/zz"):
        try:
            a=client.get(p, headers={"Host":h}); print(h,p,a.status, dict(a.headers).get("Content-Security-Policy","-")[:10])
        except Exception as e: print("EXC",h,p,type(e),e)
