# base: core

# breaks: pattern
INSERT { ?x prov:used <https://www.genenames.org/> }
WHERE { ?x a prov:Activity }

# breaks: nodeKind
INSERT { ?x prov:used "https://pfocr.wikipathways.org/graph/references/hgnc/2024-07-23/a6199c4e089c" }
WHERE { ?x a prov:Activity }
