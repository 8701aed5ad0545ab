# base: wp

# breaks: maxCount
INSERT { ?x dc:identifier obo:CHEBI_1 }
WHERE { ?x a wp:Metabolite ; dc:source "ChEBI" }

# breaks: pattern (a form of other data sets)
DELETE { ?x dc:identifier ?old }
INSERT { ?x dc:identifier <https://identifiers.org/chebi/CHEBI:28102> }
WHERE { ?x a wp:Metabolite ; dc:source "ChEBI" . ?x dc:identifier ?old }

# breaks: nodeKind
DELETE { ?x dc:identifier ?old }
INSERT { ?x dc:identifier ?new }
WHERE { ?x a wp:Metabolite ; dc:source "ChEBI" . ?x dc:identifier ?old . BIND (STR(?old) AS ?new) }

# breaks: minCount
DELETE { ?x dc:identifier ?old }
WHERE { ?x a wp:Metabolite ; dc:source "ChEBI" . ?x dc:identifier ?old }
