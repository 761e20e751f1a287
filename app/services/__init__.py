"""The verbs: plain functions that take session, actor and now. They flush, and never commit: doors do."""
