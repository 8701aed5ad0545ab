"""SHACL: shapes, engines, and the validation results they give."""

from rdfexport.validate.engines import ENGINES, Engine, has_shacl, make_engine
from rdfexport.validate.shapes import default_shapes, load_shapes, shapes_folder

__all__ = [
    "ENGINES",
    "Engine",
    "default_shapes",
    "has_shacl",
    "load_shapes",
    "make_engine",
    "shapes_folder",
]
