# base: core

# breaks: qualifiedMaxCount
INSERT { ?x schema:identifier "hgnc:3942" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" }
