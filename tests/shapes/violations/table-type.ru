# base: linkset

# breaks: hasValue
DELETE { ?x a prov:Entity }
WHERE { ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }
