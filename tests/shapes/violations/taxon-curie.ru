# base: core

# breaks: pattern
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier "taxon:9606" }
WHERE { ?x a schema:Taxon . ?x schema:identifier ?old }

# breaks: maxCount
INSERT { ?x schema:identifier "NCBITaxon:1" }
WHERE { ?x a schema:Taxon }

# breaks: datatype
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier ?new }
WHERE { ?x a schema:Taxon . ?x schema:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:Taxon ; schema:identifier ?old }
