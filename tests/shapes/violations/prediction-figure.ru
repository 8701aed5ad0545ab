# base: core

# breaks: pattern
DELETE { ?x oa:hasTarget ?old }
INSERT { ?x oa:hasTarget <https://pfocr.wikipathways.org/figures/PMC1__other.html> }
WHERE { ?x a pfocr:Prediction ; oa:hasTarget ?old }

# breaks: minCount
DELETE { ?x oa:hasTarget ?old }
WHERE { ?x a pfocr:Prediction ; oa:hasTarget ?old }

# breaks: maxCount
INSERT { ?x oa:hasTarget <https://pfocr.wikipathways.org/figures/PMC1__other.html#figure> }
WHERE { ?x a pfocr:Prediction }
