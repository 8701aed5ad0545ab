# base: core

# breaks: equals (another article)
DELETE { ?x dcterms:isPartOf ?old }
INSERT { ?x dcterms:isPartOf <https://identifiers.org/pmc/PMC1> }
WHERE { ?x a schema:ImageObject . ?x dcterms:isPartOf ?old }

# breaks: equals (no article)
DELETE { ?x dcterms:isPartOf ?old }
WHERE { ?x a schema:ImageObject . ?x dcterms:isPartOf ?old }
