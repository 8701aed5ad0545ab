# base: core

# breaks: or (matched by an alias)
DELETE { ?x ?p ?old }
INSERT { ?x pfocr:expandedFrom ?f ; pfocr:word ?word ; rdfs:label ?word ; pfocr:matchType pfocr:alias }
WHERE {
  VALUES ?p { pfocr:word rdfs:label pfocr:matchType }
  ?y pfocr:expandedFrom ?f ; pfocr:word ?word .
  ?x dcterms:subject "Gene" ; ?p ?old FILTER (?x != ?y)
}
