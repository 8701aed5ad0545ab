# base: core

# breaks: datatype
DELETE { ?x dcterms:issued ?old }
INSERT { ?x dcterms:issued "2023" }
WHERE { ?x a schema:ScholarlyArticle . ?x dcterms:issued ?old }

# breaks: maxCount
INSERT { ?x dcterms:issued "2022"^^xsd:gYear }
WHERE { ?x a schema:ScholarlyArticle }

# breaks: pattern
DELETE { ?x dcterms:issued ?old }
INSERT { ?x dcterms:issued "3023"^^xsd:gYear }
WHERE { ?x a schema:ScholarlyArticle . ?x dcterms:issued ?old }

# breaks: pattern (no year at all)
DELETE { ?x dcterms:issued ?old }
INSERT { ?x dcterms:issued "202x"^^xsd:gYear }
WHERE { ?x a schema:ScholarlyArticle . ?x dcterms:issued ?old }
