# base: core

# breaks: datatype
DELETE { ?x pfocr:countMatch ?old }
INSERT { ?x pfocr:countMatch 2.0 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" . ?x pfocr:countMatch ?old }

# breaks: maxCount
INSERT { ?x pfocr:countMatch 77 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" }

# breaks: minInclusive
DELETE { ?x pfocr:countMatch ?old }
INSERT { ?x pfocr:countMatch -1 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" . ?x pfocr:countMatch ?old }
