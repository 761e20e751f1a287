"""Hostile values by kind: what no form asks for and every form is given some day.

A value is text, or bytes where no text can say it. Whatever could come alive on a page carries `zqx` in the name of
its element or of its attribute, so that a reader of the answer knows it again. No value holds a NUL but those of NUL.
"""

Value = str | bytes

TEXT: tuple[Value, ...] = (
    "",
    "   ",
    "\u00a0\u3000",
    "\t\r\n",
    "x" * 121,
    "x" * 5_001,
    "é" * 20_000,
    "e" + "\u0301" * 400,  # combining marks
    "voor\x01na",
    "voor\x1b[31mna",
    "voor\x85na",  # C1
    "\ufffe\uffff",
    "\u202etxt.exe",  # text turned around
    "a\u200bb\ufeffc",
    "👩‍👩‍👧‍👦" * 40,
    "Cafe\u0301",  # the same as the next, in other letters
    "Café",
    "İıŞſ",  # dotted, dotless, long
    "ﬁﬂ",
    b"\xff\xfe\x80",
    b"\xed\xa0\x80",  # half a surrogate pair
    b"\xc0\xae\xc0\xae/",
)

NUL: tuple[Value, ...] = ("\0", "voor\0na", "1\0")

MARKUP: tuple[Value, ...] = (
    "<script>zqx(1)</script>",
    "</script><script src=//zqx.example></script>",
    "</textarea><zqx-a onfocus=zqx(1) autofocus>",
    "</title><zqx-b>",
    "--><zqx-c>",
    '"><img src=x onerror=zqx(1)>',
    '" zqx-d="1',
    "' onmouseover='zqx(1)",
    "` onclick=zqx(1) zqx-e=`",
    "<svg/onload=zqx(1)>",
    "<iframe srcdoc='<script>zqx(1)</script>'></iframe>",
    '<a href="javascript:zqx(1)">klik</a>',
    "<style>*{background:url(//zqx.example)}</style>",
    '<meta http-equiv="refresh" content="0;url=//zqx.example">',
    "<base href=//zqx.example>",
    "<form action=//zqx.example><input name=password>",
    "&lt;script&gt;zqx(1)&lt;/script&gt;",
    "&#60;zqx-f&#62;",
    "<" * 2_000 + "zqx-g>",
    "<b>" * 2_000,
    "\u003czqx-h\u003e",
    "＜zqx-i＞",  # becomes < and > when letters are made plain
)

TEMPLATE: tuple[Value, ...] = (
    "{{913*917}}",
    "{% raise %}",
    "${913*917}",
    "#{913*917}",
    "%s%s%n",
    "%(secret_key)s",
    "{0.__class__.__init__}",
    "{}",
)

QUERY: tuple[Value, ...] = (
    "' OR 1=1 --",
    "'; DROP TABLE activity; --",
    '"',
    "\\",
    "%_\\",
    "%" * 3_000,
    "[a-z]*(",
    "(a+)+$",
    "*",
)

FORMULA: tuple[Value, ...] = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://zqx.example")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
)

LINE: tuple[Value, ...] = (
    "voor\r\nBcc: zqx@kwaad.example",
    "voor\nSet-Cookie: zqx=1",
    "=?utf-8?Q?zqx?=",
    "x" * 1_200,
    "../../../../etc/passwd",
    "..\\..\\windows",
    "%00",
    "%0d%0aSet-Cookie: zqx=1",
)

LINK: tuple[Value, ...] = (
    "javascript:zqx(1)",
    "JaVaScRiPt:zqx(1)",
    "java\tscript:zqx(1)",
    " javascript:zqx(1)",
    "&#106;avascript:zqx(1)",
    "data:text/html,<script>zqx(1)</script>",
    "vbscript:zqx(1)",
    "file:///etc/passwd",
    "//zqx.example",
    "https://doemee.example@zqx.example",
    "https://dоemee.example",  # a Cyrillic o
    "http://[::1]:80/",
    "http://[:::1/",
    "http://169.254.169.254/latest/",
    "http://a b/",
    "https://" + "a" * 2_000,
    "https://x.example/\njavascript:zqx(1)",
    'https://x.example/"onmouseover="zqx(1)',
    "http://",
    "https://x.example:999999/",
)

EMAIL: tuple[Value, ...] = (
    "GENT@DOEMEE.EXAMPLE",
    "gent@doemee.example.",
    " gent@doemee.example",
    '"gent doe"@doemee.example',
    "gent@doemee.example,deinze@doemee.example",
    "gent@doemee.example\r\nBcc: zqx@kwaad.example",
    "g" * 300 + "@doemee.example",
    "ｇｅｎｔ@doemee.example",
    "gent@dоemee.example",
    "gent+zqx@doemee.example",
    "@",
    "a@b@c",
    "<zqx-j>@doemee.example",
)

DAY: tuple[Value, ...] = (
    "30/2/2027",
    "0/0/0",
    "1/1/1",
    "31/12/9999",
    "1/1/10000",
    "2026-12-31T25:00:00+99:99",
    "29/3/2027",
    "25/10/2026",
    "١/١/٢٠٢٧",
    "1789430400",
    "morgen",
    "1/1/2020",
)

CLOCK: tuple[Value, ...] = ("02:30", "24:00", "23:60", "99:99", "-1:00", "٢:٣٠", "1e3", "25", "14u75", "::", "0:0:0")

NUMBER: tuple[Value, ...] = (
    "-1",
    "0",
    "1.5",
    "1,5",
    "1e309",
    "NaN",
    "Infinity",
    str(2**31),
    str(2**63),
    "9" * 30,
    "9" * 5_000,
    "1_0",
    "0x1",
    "²",
    "١",
    "+1",
    " 1",
    "1;2",
)

ID: tuple[Value, ...] = (
    "abc",
    "1,2",
    "1 OR 1=1",
    str(10**20),
    "-1",
    "0",
    "",
    "None",
    "__None",
    "null",
    "true",
    "[]",
    "[object Object]",
    "1.0",
    "0001",
    "2000000000",
)

PASSWORD: tuple[Value, ...] = (
    "x" * 64,
    "x" * 1_000,
    "x" * 1_001,
    "x" * 50_000,
    " voor-en-na ",
    "😀" * 20,
    "wachtwoord",
    "gent@doemee.example",
)

PLACE: tuple[Value, ...] = (  # where to go next
    "//zqx.example",
    "///zqx.example",
    "\\\\zqx.example",
    "/\\zqx.example",
    "https:zqx.example",
    "javascript:zqx(1)",
    "/admin/\r\nSet-Cookie: zqx=1",
    "/%2f/zqx.example",
    "/admin/?next=/admin/?next=//zqx.example",
)

KINDS: dict[str, tuple[Value, ...]] = {
    "text": TEXT,
    "nul": NUL,
    "markup": MARKUP,
    "template": TEMPLATE,
    "query": QUERY,
    "formula": FORMULA,
    "line": LINE,
    "link": LINK,
    "email": EMAIL,
    "day": DAY,
    "clock": CLOCK,
    "number": NUMBER,
    "id": ID,
    "password": PASSWORD,
    "place": PLACE,
}
ALL: tuple[Value, ...] = tuple(value for values in KINDS.values() for value in values)

# Ids that are none: no row may be found by one, on no database.
NO_IDS: tuple[str, ...] = ("abc", str(10**20), "1,2", "-1", "0", "1 OR 1=1", "²", "1.0", "")
NO_PAGES: tuple[str, ...] = ("-1", str(10**20), "1e309", "abc", "NaN", "²")

# Where nobody may be sent: Django's table of redirect targets, and shapes browsers read in their own way.
HOST = "kwaad.example"
AWAY: tuple[str, ...] = (
    f"http://{HOST}",
    f"http:///{HOST}",
    f"https://{HOST}",
    f"ftp://{HOST}",
    rf"\\{HOST}",
    rf"\\\{HOST}",
    rf"/\\/{HOST}",
    rf"\\\{HOST}",
    f"{HOST}",
    rf"\\//{HOST}",
    rf"/\/{HOST}",
    rf"\/{HOST}",
    rf"/\{HOST}",
    f"http:///{HOST}",
    rf"http:/\//{HOST}",
    rf"http:\/{HOST}",
    rf"http:/\{HOST}",
    'javascript:alert("zqx")',
    "\njavascript:alert(x)",
    "java\nscript:alert(x)",
    f"\x08//{HOST}",
    rf"http://otherserver\{HOST}",
    rf"http:\\localhost\@{HOST}",
    rf"http://localhost\{HOST}",
    rf"http://localhost\@{HOST}",
    rf"http://localhost:localhost\@{HOST}",
    f"http://localhost:localhost@{HOST}",
    f"http://localhost:{HOST}",
    "http:999999999",
    "ftp:9999999999",
    "\n",
    "http://[2001:cdba:0000:0000:0000:0000:3257:9652/",
    "http://2001:cdba:0000:0000:0000:0000:3257:9652]/",
    # and what browsers make of these
    f"//{HOST}",
    f"///{HOST}",
    f"////{HOST}/%2e%2e",
    f"http:{HOST}",
    f"https:{HOST}",
    f"https:/{HOST}",
    f" //{HOST}",
    f"\t//{HOST}",
    f"/\t/{HOST}",
    f"/\n/{HOST}",
    f"/\r\n/{HOST}",
    f"/\x00/{HOST}",
    f"\u2028//{HOST}",
    f"／／{HOST}",
    f"//localhost@{HOST}",
    f"//{HOST}\\@localhost",
    "data:text/html,<script>zqx(1)</script>",
    "vbscript:zqx(1)",
    "file:///etc/passwd",
    f"view-source:http://{HOST}",
    f"blob:http://{HOST}",
    f"/admin/\r\nLocation: http://{HOST}",
    "/admin/\r\nSet-Cookie: zqx=1",
    "/admin/\x7f",
    f"http://localhost.{HOST}/admin/",
    f"http://{HOST}#localhost",
    f"http://{HOST}?localhost",
    f".{HOST}",
    f"@{HOST}",
)
