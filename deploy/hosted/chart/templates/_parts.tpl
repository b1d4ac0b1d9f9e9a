{{- /* Labels of a part: (list $ "web"). Two of them say which pods are meant. */ -}}
{{- define "dangwu.which" -}}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "dangwu.labels" -}}
{{ include "dangwu.which" . }}
app.kubernetes.io/name: dangwu
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version }}
{{- end }}

{{- define "dangwu.claim" -}}
{{ .Values.files.claim | default (printf "%s-files" .Release.Name) }}
{{- end }}

{{- /* The pod of a part, (list $ "worker"), but for its container: nobody is root, nothing of the image can be written. */ -}}
{{- define "dangwu.pod" -}}
{{- $root := index . 0 }}{{ $part := index . 1 -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
volumes:
  - name: files
    {{- if eq $part "migrate" }}
    emptyDir: {}
    {{- else }}
    persistentVolumeClaim: {claimName: {{ include "dangwu.claim" $root }}}
    {{- end }}
  - name: tmp
    emptyDir: {}
  - name: pulses
    emptyDir: {medium: Memory, sizeLimit: 1Mi}
  {{- if eq $part "operator" }}
  - name: backups
    {{- with $root.Values.operator.backups }}
    persistentVolumeClaim: {claimName: {{ . }}}
    {{- else }}
    emptyDir: {}
    {{- end }}
  {{- end }}
{{- end }}

{{- /* What every container has; (list $ "worker"). The secret of a part's own name is added where there is one. */ -}}
{{- define "dangwu.container" -}}
{{- $root := index . 0 }}{{ $part := index . 1 -}}
image: "{{ $root.Values.image.repository }}:{{ $root.Values.image.tag }}"
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
envFrom:
  - secretRef: {name: {{ $root.Values.secrets.all }}}
{{- if has $part (list "migrate" "operator") }}
  - secretRef: {name: {{ $root.Values.secrets.owner }}}
{{- end }}
{{- if eq $part "operator" }}
  - secretRef: {name: {{ $root.Values.secrets.operator }}}
{{- else if eq $part "worker" }}
  - secretRef: {name: {{ $root.Values.secrets.worker }}}
{{- end }}
env:
  - {name: DANGWU_DATA, value: /data}
  - {name: DANGWU_HOST, value: 0.0.0.0}
{{- range $name, $value := $root.Values.settings }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- if has $part (list "worker" "relay") }}
  - {name: DANGWU_PULSES, value: /pulses}
{{- end }}
volumeMounts:
  - {name: files, mountPath: /data}
  - {name: tmp, mountPath: /tmp}
  - {name: pulses, mountPath: /pulses}
{{- if eq $part "operator" }}
  - {name: backups, mountPath: /backups}
{{- end }}
resources: {{ toJson (index $root.Values $part).resources }}
{{- end }}

{{- /* Whoever works in the background touches a file every second (tenants/ground/pulse.py). */ -}}
{{- define "dangwu.pulse" -}}
startupProbe:
  exec: &pulse {command: [sh, -c, 'test -n "$(find /pulses -type f -newermt "60 seconds ago")"']}
  periodSeconds: 2
  failureThreshold: 90
livenessProbe:
  exec: *pulse
  periodSeconds: 30
  failureThreshold: 3
{{- end }}
