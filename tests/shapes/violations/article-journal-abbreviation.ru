# base: core

# breaks: datatype
DELETE { ?x pfocr:journalAbbreviation ?old }
INSERT { ?x pfocr:journalAbbreviation ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x pfocr:journalAbbreviation ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:journalAbbreviation ?old }
INSERT { ?x pfocr:journalAbbreviation "" }
WHERE { ?x a schema:ScholarlyArticle . ?x pfocr:journalAbbreviation ?old }
