"""The page checker itself: a good page passes, and each fault is named."""

import pytest

from tests.pages import problems

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"

GOOD = """<!DOCTYPE html>
<html lang="fr" dir="ltr">
<head><meta charset="utf-8"><title>Essai</title><meta name="viewport" content="width=device-width"></head>
<body>
<a href="#contenu">Aller au contenu</a>
<main id="contenu" tabindex="-1"><h1>Essai</h1><h2>Suite</h2>
<p>{}</p>
</main>
</body>
</html>"""


def test_a_good_page_has_no_problem() -> None:
    assert list(problems(GOOD.format("Des mots."), POLICY)) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ('<a href="/x"></a>', "nothing to hear"),
        ('<a href="/x"><svg aria-hidden="true"></svg></a>', "nothing to hear"),
        ('<a href="#absent">là</a>', "leads nowhere"),
        ('<span id="contenu">double</span>', "used 2 times"),
        ('<span aria-describedby="absent">x</span>', "is not there"),
        ('<input name="q">', "no label"),
        ('<img src="/x.png">', "no alt"),
        ('<span style="color:red">x</span>', "inline style"),
        ('<button type="button" onclick="x()">x</button>', "inline onclick"),
        ("<button>x</button>", "without its type"),
        ('<script>alert("x")</script>', "inline <script>"),
        ("<style>p{}</style>", "inline <style>"),
        ('<a href="javascript:x()">x</a>', "javascript"),
        ('<img alt="" src="https://example.org/x.png">', "third party"),
        ('<a href="http://example.org/">x</a>', "in the clear"),
        ('</p><form method="post" action="/x"></form><p>', "without its token"),
        ("</p><h4>Trop bas</h4><p>", "<h4> after <h2>"),
        ("</p><h1>Deux</h1><p>", "one <h1>"),
        ("</p><nav></nav><p>", "<nav> without a name"),
        ("</p><fieldset><p>x</p></fieldset><p>", "without its <legend>"),
        ("<b><p>mal emboîté</b>", "not valid HTML"),
        ("&nimporte;", "not valid HTML"),
        ('<span class="a" class="b">x</span>', "not valid HTML"),
    ],
)
def test_each_fault_is_named(fault: str, said: str) -> None:
    found = list(problems(GOOD.format(fault), POLICY))
    assert any(said in problem for problem in found), found


def test_a_page_without_its_policy_is_refused() -> None:
    assert any("Content-Security-Policy" in problem for problem in problems(GOOD.format("x"), ""))
    unsafe = POLICY.replace("script-src 'self'", "script-src 'unsafe-inline'")
    assert any("unsafe" in problem for problem in problems(GOOD.format("x"), unsafe))
