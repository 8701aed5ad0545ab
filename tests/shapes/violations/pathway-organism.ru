# base: wp

# breaks: pattern (a form of other data sets)
DELETE { ?x wp:organism ?old }
INSERT { ?x wp:organism <https://identifiers.org/taxonomy/9606> }
WHERE { ?x a wp:Pathway . ?x wp:organism ?old }

# breaks: nodeKind
DELETE { ?x wp:organism ?old }
INSERT { ?x wp:organism ?new }
WHERE { ?x a wp:Pathway . ?x wp:organism ?old . BIND (STR(?old) AS ?new) }

# breaks: maxCount
INSERT { ?x wp:organism obo:NCBITaxon_10090 }
WHERE { ?x a wp:Pathway . ?x wp:organism ?old }
