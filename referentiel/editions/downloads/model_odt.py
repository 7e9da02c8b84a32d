"""The model that gives an ODT its styles, its A4 page and its footer: pandoc's own, with our looks written into it."""

import io
import re
import zipfile
from datetime import date
from xml.sax.saxutils import escape

from referentiel.editions.downloads.archives import MIMETYPE, zipped
from referentiel.editions.downloads.looks import ACCENT, FONT, LOOKS, Look
from referentiel.editions.downloads.model_docx import without
from referentiel.editions.downloads.pandoc import default_file

NAME = "reference.odt"
_A4 = {
    "page-width": "21cm",
    "page-height": "29.7cm",
    **{f"margin-{side}": "2cm" for side in ("top", "bottom", "left", "right")},
}
_LINK = (
    '<style:style style:name="Internet_20_link" style:display-name="Internet link" style:family="text">'
    f'<style:text-properties fo:color="#{ACCENT}" style:text-underline-style="solid"/></style:style>'
    '<style:style style:name="Definition" style:family="text" style:parent-style-name="Internet_20_link"/>'
)


def model(footer: str, day: date) -> bytes:
    """``footer`` is plain words, before the number of the page."""
    with zipfile.ZipFile(io.BytesIO(default_file(NAME))) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    files["styles.xml"] = _with_styles(files["styles.xml"].decode(), footer).encode()
    return zipped(files, day, first=[MIMETYPE])


def _with_styles(xml: str, footer: str) -> str:
    xml = without(xml, "style:style", "style:name", [*(look.odt for look in LOOKS), "Internet_20_link", "Definition"])
    xml = xml.replace("</office:styles>", "".join([*map(_style, LOOKS), _LINK]) + "</office:styles>")
    xml = re.sub(r"(style:font-name=)\"Times New Roman\"", rf'\1"{FONT}"', xml)
    for name, size in _A4.items():
        xml = re.sub(rf"(<style:page-layout-properties\b[^>]*?fo:{name}=)\"[^\"]*\"", rf'\1"{size}"', xml)
    words = (
        f'<style:footer><text:p text:style-name="Footer">{escape(footer)} Page\u00a0'
        '<text:page-number text:select-page="current">1</text:page-number></text:p></style:footer>'
    )
    return re.sub(r"<style:footer>.*?</style:footer>", lambda _: words, xml, flags=re.DOTALL)


def _style(look: Look) -> str:
    family = ' style:class="text"' if look.odt != "Footer" else ' style:class="extra"'
    outline = f' style:default-outline-level="{look.outline}"' if look.outline else ""
    parent = "Standard" if look.outline or look.odt in ("Text_20_body", "Title", "Footer") else "Text_20_body"
    paragraph = [
        f'fo:margin-top="{look.before}pt" fo:margin-bottom="{look.after}pt" fo:line-height="{look.line * 100:.0f}%"',
        'fo:text-align="start" style:justify-single-word="false"',
        'fo:keep-with-next="always" fo:keep-together="always"' if look.outline else "",
        'fo:break-before="page"' if look.opens_page else "",
        f'fo:background-color="#{look.paper}"' if look.paper else "",
        f'fo:border-left="2.25pt solid #{ACCENT}" fo:padding-left="8pt" fo:margin-left="12pt"' if look.bar else "",
    ]
    words = [
        f'style:font-name="{look.font}" fo:font-size="{look.size}pt" fo:color="#{look.color}" fo:font-style="normal"',
        'fo:font-weight="bold"' if look.bold else 'fo:font-weight="normal"',
    ]
    return (
        f'<style:style style:name="{look.odt}" style:display-name="{look.odt.replace("_20_", " ")}" '
        f'style:family="paragraph" style:parent-style-name="{parent}"{family}{outline}>'
        f"<style:paragraph-properties {' '.join(filter(None, paragraph))}/>"
        f"<style:text-properties {' '.join(words)}/></style:style>"
    )
