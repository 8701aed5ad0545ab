# base: core

# breaks: class
DELETE { ?x oa:hasTarget ?old }
INSERT { ?x oa:hasTarget <PMC1__other.html#figure> }
WHERE { ?x a pfocr:Prediction ; oa:hasTarget ?old }

# breaks: minCount
DELETE { ?x oa:hasTarget ?old }
WHERE { ?x a pfocr:Prediction ; oa:hasTarget ?old }

# breaks: maxCount
INSERT { ?x oa:hasTarget <https://pfocr.wikipathways.org/figures/PMC10034769__fphar-14-1067402-g009.html#pathway> . <https://pfocr.wikipathways.org/figures/PMC10034769__fphar-14-1067402-g009.html#pathway> a schema:ImageObject }
WHERE { ?x a pfocr:Prediction }
