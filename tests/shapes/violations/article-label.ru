# base: core

# breaks: datatype
DELETE { ?x rdfs:label ?old ; schema:name ?old }
INSERT { ?x rdfs:label ?new ; schema:name ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x rdfs:label ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x rdfs:label ?old ; schema:name ?old }
INSERT { ?x rdfs:label "" ; schema:name "" }
WHERE { ?x a schema:ScholarlyArticle . ?x rdfs:label ?old }

# breaks: minCount
# also: article-name
DELETE { ?x rdfs:label ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x rdfs:label ?old }
