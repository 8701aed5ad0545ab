# base: core

# breaks: maxCount
INSERT { ?x schema:contentUrl <https://europepmc.org/api/fulltextRepo?pmcId=PMC1&type=FILE&fileName=gr1.jpg&mimeType=image/jpg> }
WHERE { ?x a schema:ImageObject }

# breaks: pattern
DELETE { ?x schema:contentUrl ?old }
INSERT { ?x schema:contentUrl <https://www.example.org/gr1.jpg> }
WHERE { ?x a schema:ImageObject . ?x schema:contentUrl ?old }

# breaks: nodeKind
DELETE { ?x schema:contentUrl ?old }
INSERT { ?x schema:contentUrl ?new }
WHERE { ?x a schema:ImageObject . ?x schema:contentUrl ?old . BIND (STR(?old) AS ?new) }
