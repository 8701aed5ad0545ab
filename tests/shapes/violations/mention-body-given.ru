# base: core

# breaks: minCount
DELETE { ?x oa:hasBody ?gene . ?record schema:mentions ?gene . ?gene ?p ?o }
WHERE { ?x a oa:Annotation ; pfocr:expandedFrom ?f ; oa:hasBody ?gene . ?record schema:mentions ?gene . ?gene ?p ?o }
