# base: void

# breaks: class
INSERT { ?x sh:declare <https://www.example.org/> }
WHERE { ?x sh:declare ?prefix }
