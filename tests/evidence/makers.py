"""Small files of every type, made on the spot."""

import io
import zipfile

import pikepdf
from PIL import Image

DOCX_MAIN, XLSX_MAIN = "word/document.xml", "xl/workbook.xml"


def pdf(**options):
    document = pikepdf.new()
    document.add_blank_page()
    document.save(file := io.BytesIO(), **options)
    return file.getvalue()


def archive(*names, types=b"<Types/>", content=b"<x/>", compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(file := io.BytesIO(), "w", compression) as made:
        made.writestr("[Content_Types].xml", types)
        for name in names:
            made.writestr(name, content)
    return file.getvalue()


def picture(picture_format, size=(4, 4)):
    Image.new("1" if picture_format == "PNG" else "L", size).save(
        file := io.BytesIO(), picture_format
    )
    return file.getvalue()


SMALL = {
    "pdf": pdf(),
    "docx": archive(DOCX_MAIN),
    "xlsx": archive(XLSX_MAIN),
    "png": picture("PNG"),
    "jpg": picture("JPEG"),
    "txt": "Policy – اردو".encode(),
    "csv": b"a;b\r\n1;2\r\n",
}
