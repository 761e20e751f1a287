"""Where the fuzz puts its values: names of parameters, headers and fields, bodies, and ends of addresses."""

FORM = "application/x-www-form-urlencoded"
KIND_OF = (  # which values belong in a field, by a part of its name
    (("email", "mail", "to"), "email"),
    (("password", "current"), "password"),
    (("next", "url", "terug"), "place"),
    (("website", "online_url", "link"), "link"),
    (("day", "since", "until", "-from", "-to", "datum"), "day"),
    (("opens", "closes", "clock", "time"), "clock"),
    (("id", "organisation", "municipality", "reason", "level", "goal", "topic", "record"), "id"),
    (("page", "pagina", "limit", "offset", "version", "sort", "every", "niveau"), "number"),
    (("title", "name", "value", "description", "remark", "note", "place", "street", "price"), "markup"),
)
PARAMETERS = (
    *("id", "page", "pagina", "q", "search", "sort", "desc", "page_size", "flt0_0", "flt999_1", "limit", "offset"),
    *("when", "state", "origin", "topic", "level", "show", "reject", "next", "url", "lang", "theme", "pk", "rowid"),
    *("waar", "wat", "niveau", "doel", "to", "name", "query", "table", "record", "tab", "kind", "format", "dag"),
)
HEADERS = (
    *("User-Agent", "Referer", "Origin", "Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset"),
    *("If-None-Match", "If-Modified-Since", "Range", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
    *("X-Forwarded-Prefix", "Forwarded", "X-Request-Id", "X-CSRFToken", "Authorization", "X-HTTP-Method-Override"),
    *("X-Real-Ip", "Content-Encoding", "Content-Language", "Expect", "Host", "Cookie", "X-Original-URL", "From"),
)
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b'{"title": "<zqx-a>", "id": 1}'),
    ("application/json", b"{" * 3_000),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=title\r\n\r\nzqx"),
    ("multipart/form-data", b"--x--"),
    ("multipart/form-data; boundary=" + "x" * 2_000, b"--" + b"x" * 2_000),
    ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("text/plain", b"title=zqx"),
    (FORM, b"&".join(b"title=%d" % n for n in range(1_500))),
    (FORM, b"%"),
    (FORM, b"%ff=%fe&%00=1"),
    (FORM, b"&" * 5_000),
    (FORM + "; charset=utf-7", b"title=+ADw-script+AD4-zqx(1)+ADw-/script+AD4-"),
    ("x" * 500, b"zqx"),
)
ODD_NAMES: tuple[str, ...] = (
    *("channels-0-kind", "channels-99999999999-value", "channels-²-value", "channels--1-kind", "channels-0", "rows"),
    *("schedule-days-0-day", "schedule-days-1e3-day", "schedule-", "title[]", "title[0]", "__class__", "csrf_token"),
    *("_method", "", "draft", "publish", "action", "decision", "check", "preferred", "form_token"),
)
ODD_PATHS = (
    "//",
    "/..;/",
    "/./",
    "/%2e%2e/",
    "/%00",
    "/%ff",
    "/%c0%af",
    "/<zqx-p>",
    "/{{913*917}}",
    "/%0d%0aSet-Cookie:zqx=1",
)
