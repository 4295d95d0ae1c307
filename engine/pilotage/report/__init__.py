"""Files out: ranked lists, workbook and page."""
