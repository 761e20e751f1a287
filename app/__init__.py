"""The platform's administration, room by room.

    domain    the rules, in plain Python: policy, schedule, wording, territory, states
    models    the tables, one file a family; `clauses.py` turns a rule into SQL
    services  the verbs: plain functions that take session, actor and now; they flush, never commit
    web       what is not admin: sign in, the public catalogue, errors
    demo      what only the demo needs: a local UiT, a mailbox, invented people; production never imports it
    factory   the one place where everything is joined

Arrows point at what may be imported: domain <- models <- services <- admin_views, jobs, web <- factory <- wsgi.
"""
