# base: core

# breaks: maxCount
INSERT { ?x oa:motivatedBy oa:tagging }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: hasValue
DELETE { ?x oa:motivatedBy ?old }
INSERT { ?x oa:motivatedBy oa:tagging }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x oa:motivatedBy ?old }

# breaks: hasValue (none)
DELETE { ?x oa:motivatedBy ?old }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x oa:motivatedBy ?old }
