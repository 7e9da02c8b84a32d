"""The model that gives a DOCX its styles, its A4 page and its footer: pandoc's own, with our looks written into it."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from referentiel.editions.downloads.archives import zipped
from referentiel.editions.downloads.looks import ACCENT, BODY_LINE, BODY_SIZE, FONT, INK, LINE, LOOKS, PAPER, Look
from referentiel.editions.downloads.pandoc import default_file

NAME = "reference.docx"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_BASES = {"BodyText": "Normal"}
_CUSTOM = {"FirstParagraph", "Compact", "Enonce", "Facile", "Reperes", "Remarque", "Sommaire", "SourceCode"}
_FONTS = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
_DEFAULTS = (
    f"<w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}"
    f'<w:color w:val="{INK}"/><w:sz w:val="{BODY_SIZE * 2:.0f}"/><w:szCs w:val="{BODY_SIZE * 2:.0f}"/>'
    '<w:lang w:val="fr-FR" w:eastAsia="fr-FR" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    f'<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="{BODY_LINE * 240:.0f}" w:lineRule="auto"/></w:pPr>'
    "</w:pPrDefault></w:docDefaults>"
)
_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/><w:qFormat/><w:tblPr>'
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
    '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>'
    f'<w:shd w:val="clear" w:color="auto" w:fill="{PAPER}"/></w:tcPr></w:tblStylePr></w:style>'
)
_LINK = (
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    f'<w:rPr><w:color w:val="{ACCENT}"/><w:u w:val="single"/></w:rPr></w:style>'
)
_PAGE = (
    f'<w:sectPr><w:footerReference xmlns:r="{_R}" w:type="default" r:id="rId90"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
    "</w:sectPr>"
)


def model(footer: str, day: date) -> bytes:
    """``footer`` is plain words, before the number of the page."""
    with zipfile.ZipFile(io.BytesIO(default_file(NAME))) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    changed: dict[str, Callable[[str], str]] = {
        "word/styles.xml": _with_styles,
        "word/document.xml": lambda xml: re.sub(r"<w:sectPr\b.*?</w:sectPr>", _PAGE, xml, flags=re.DOTALL),
        "word/settings.xml": lambda xml: re.sub(r"(<w:themeFontLang )[^>]*/>", r'\1w:val="fr-FR"/>', xml),
        "word/_rels/document.xml.rels": lambda xml: xml.replace(
            "</Relationships>",
            f'<Relationship Type="{_R}/footer" Id="rId90" Target="footer1.xml"/></Relationships>',
        ),
        "[Content_Types].xml": lambda xml: xml.replace(
            "</Types>", f'<Override PartName="/word/footer1.xml" ContentType="{_FOOTER_TYPE}"/></Types>'
        ),
    }
    files |= {name: change(files[name].decode()).encode() for name, change in changed.items()}
    files["word/footer1.xml"] = _footer(footer).encode()
    return zipped(files, day)


def _with_styles(xml: str) -> str:
    xml = re.sub(r"<w:docDefaults>.*?</w:docDefaults>", _DEFAULTS, xml, flags=re.DOTALL)
    ours = [*(look.docx for look in LOOKS), "Table", "Hyperlink"]
    xml = without(xml, "w:style", "w:styleId", ours)
    return xml.replace("</w:styles>", "".join([*map(_style, LOOKS), _TABLE, _LINK]) + "</w:styles>")


def without(xml: str, tag: str, attribute: str, names: Sequence[str]) -> str:
    """The same XML without these elements, whether they hold something or not."""
    for name in names:
        start = rf"<{tag}\b[^>]*\b{attribute}={quoteattr(name)}"
        xml = re.sub(rf"{start}[^>]*/>|{start}[^>]*(?<!/)>.*?</{tag}>", "", xml, count=1, flags=re.DOTALL)
    return xml


def _style(look: Look) -> str:
    custom = ' w:customStyle="1"' if look.docx in _CUSTOM else ""
    base = _BASES.get(look.docx, "Normal" if look.outline or look.docx in ("Title", "Footer") else "BodyText")
    frame = f'<w:left w:val="single" w:sz="24" w:space="8" w:color="{ACCENT}"/>' if look.bar else ""
    paragraph = [
        "<w:keepNext/><w:keepLines/>" if look.outline else "",
        "<w:pageBreakBefore/>" if look.opens_page else "",
        f"<w:pBdr>{frame}</w:pBdr>" if frame else "",
        f'<w:shd w:val="clear" w:color="auto" w:fill="{look.paper}"/>' if look.paper else "",
        f'<w:spacing w:before="{look.before * 20:.0f}" w:after="{look.after * 20:.0f}" '
        f'w:line="{look.line * 240:.0f}" w:lineRule="auto"/>',
        '<w:ind w:left="240"/>' if look.bar else "",
        f'<w:outlineLvl w:val="{look.outline - 1}"/>' if look.outline else "",
    ]
    words = [
        f'<w:rFonts w:ascii="{look.font}" w:hAnsi="{look.font}" w:cs="{look.font}"/>' if look.font != FONT else "",
        "<w:b/><w:bCs/>" if look.bold else "",
        f'<w:color w:val="{look.color}"/><w:sz w:val="{look.size * 2:.0f}"/><w:szCs w:val="{look.size * 2:.0f}"/>',
    ]
    following = "" if look.docx in _CUSTOM else '<w:next w:val="BodyText"/>'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{look.docx}"><w:name w:val="{look.shown}"/>'
        f'<w:basedOn w:val="{base}"/>{following}<w:qFormat/>'
        f"<w:pPr>{''.join(paragraph)}</w:pPr><w:rPr>{''.join(words)}</w:rPr></w:style>"
    )


def _footer(words: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="{_W}"><w:p><w:pPr>'
        f'<w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">{escape(words)} Page\u00a0</w:t></w:r>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
    )
