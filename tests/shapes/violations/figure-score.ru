# base: core

# breaks: maxCount
INSERT { ?x pfocr:pathwayScore 0.5 }
WHERE { ?x a schema:ImageObject }

# breaks: datatype
DELETE { ?x pfocr:pathwayScore ?old }
INSERT { ?x pfocr:pathwayScore "0.97"^^xsd:double }
WHERE { ?x a schema:ImageObject . ?x pfocr:pathwayScore ?old }

# breaks: minInclusive
DELETE { ?x pfocr:pathwayScore ?old }
INSERT { ?x pfocr:pathwayScore -0.1 }
WHERE { ?x a schema:ImageObject . ?x pfocr:pathwayScore ?old }

# breaks: maxInclusive
DELETE { ?x pfocr:pathwayScore ?old }
INSERT { ?x pfocr:pathwayScore 97.0 }
WHERE { ?x a schema:ImageObject . ?x pfocr:pathwayScore ?old }
