# base: core

# breaks: maxCount
INSERT { ?x schema:encodingFormat "text/plain" }
WHERE { ?x a schema:DataDownload }

# breaks: pattern
DELETE { ?x schema:encodingFormat ?old }
INSERT { ?x schema:encodingFormat "html" }
WHERE { ?x a schema:DataDownload . ?x schema:encodingFormat ?old }

# breaks: datatype
DELETE { ?x schema:encodingFormat ?old }
INSERT { ?x schema:encodingFormat ?new }
WHERE { ?x a schema:DataDownload . ?x schema:encodingFormat ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x schema:encodingFormat ?old }
WHERE { ?x a schema:DataDownload . ?x schema:encodingFormat ?old }
