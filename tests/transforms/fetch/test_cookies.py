"""Cookies live within one chain of redirects, for the host that set them."""

from transforms.fetch.cookies import cookie_header, gathered


def test_cookies_go_back_to_their_host_alone() -> None:
    headers = (("set-cookie", "a=1; Path=/; Secure"), ("set-cookie", "b=x=y"), ("etag", "c=1"))
    jar = gathered((), "news.example", headers)
    assert cookie_header(jar, "news.example") == "a=1; b=x=y"
    assert cookie_header(jar, "other.example") == ""


def test_a_later_cookie_replaces_an_earlier_one_of_its_name() -> None:
    jar = gathered((("h", "a", "1"), ("g", "a", "2")), "h", (("set-cookie", "a=3"),))
    assert cookie_header(jar, "h") == "a=3"
    assert cookie_header(jar, "g") == "a=2"


def test_cookies_are_few_short_and_clean() -> None:
    many = tuple(("set-cookie", f"c{number}=1") for number in range(100))
    assert len(gathered((), "h", many)) == 20
    assert gathered((), "h", (("set-cookie", "long=" + "x" * 5000), ("set-cookie", "=v"))) == ()
    assert cookie_header(gathered((), "h", (("set-cookie", "a=b\r\nX: 1"),)), "h") == "a=b"
