# base: core

# breaks: datatype
DELETE { ?x pfocr:countSynonym ?old }
INSERT { ?x pfocr:countSynonym 2.0 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" . ?x pfocr:countSynonym ?old }

# breaks: maxCount
INSERT { ?x pfocr:countSynonym 77 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" }

# breaks: minInclusive
DELETE { ?x pfocr:countSynonym ?old }
INSERT { ?x pfocr:countSynonym -1 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" . ?x pfocr:countSynonym ?old }
