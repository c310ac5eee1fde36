{{ define "deep1" }}
{{ include "deep2" . }}{{ end }}
{{ define "deep2" }}{{ .Values.s.x.y }}{{ end }}