"""The page of a study: one HTML file, three linked views, curves and tables, which needs no network."""

from vitreous.study.page.page import write_study_page

__all__ = ["write_study_page"]
