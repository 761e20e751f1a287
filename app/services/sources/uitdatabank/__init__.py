"""UiTdatabank, read through Search API 3 (publiq): how we ask, what we understand, and what we keep."""
