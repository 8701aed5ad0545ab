# base: core

# breaks: equals
DELETE { ?x schema:identifier ?figid }
WHERE { ?x a schema:Dataset ; dcterms:identifier ?figid ; schema:identifier ?figid }
