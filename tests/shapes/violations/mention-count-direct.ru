# base: core

# breaks: datatype
DELETE { ?x pfocr:countDirect ?old }
INSERT { ?x pfocr:countDirect 2.0 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" . ?x pfocr:countDirect ?old }

# breaks: maxCount
INSERT { ?x pfocr:countDirect 77 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" }

# breaks: minInclusive
DELETE { ?x pfocr:countDirect ?old }
INSERT { ?x pfocr:countDirect -1 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" . ?x pfocr:countDirect ?old }
