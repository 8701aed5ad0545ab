# base: core

# breaks: or (direct matches)
INSERT { ?x pfocr:countDirect 1 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: or (synonym matches)
INSERT { ?x pfocr:countSynonym 1 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: or (matches)
INSERT { ?x pfocr:countMatch 1 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: or (a recorded symbol)
INSERT { ?x pfocr:recordedSymbol "FRAP1" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: or (an expansion)
DELETE { ?x pfocr:matchType ?type ; pfocr:word ?word ; rdfs:label ?word }
INSERT { ?x pfocr:matchType pfocr:family ; pfocr:word ?family ; rdfs:label ?family ; pfocr:expandedFrom ?f }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" ; pfocr:matchType ?type ; pfocr:word ?word . ?f a pfocr:FamilyExpansion ; pfocr:word ?family }
