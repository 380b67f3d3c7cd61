{{- define "troupe.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "troupe.labels" -}}
{{ include "troupe.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "troupe.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "troupe.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}

{{- define "troupe.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "troupe.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{- define "troupe.secretName" -}}
{{ default (include "troupe.fullname" .) .Values.existingSecret }}
{{- end -}}

{{- define "troupe.port" -}}
{{ default 8080 .Values.config.HTTP_PORT | int }}
{{- end -}}

{{- define "troupe.drainSeconds" -}}
{{- $drain := .Values.config.DRAIN_TIMEOUT_MS -}}
{{ divf (kindIs "invalid" $drain | ternary 60000 $drain) 1000 | ceil | int }}
{{- end -}}

{{/* After the drain's deadline bots get 5 s to leave (src/worker/run-bot.ts); the rest is for a busy node. */}}
{{- define "troupe.graceSeconds" -}}
{{ default (add (include "troupe.drainSeconds" .) 30) .Values.worker.terminationGracePeriodSeconds | int }}
{{- end -}}

{{/*
Rooms a pod beyond which the autoscaler adds pods. The autoscaler leaves a tenth either way alone, so
that at all of the rooms a pod has, a tenth of them would wait for ever; and handovers need places.
*/}}
{{- define "troupe.queueLength" -}}
{{ default (mulf (default 10 .Values.config.MAX_CONCURRENT_ROOMS) 0.75 | floor | int | max 1) .Values.autoscaling.queueLength | int }}
{{- end -}}

{{/* Whether the worker gets a volume for recordings: none of extraVolumeMounts is there already. */}}
{{- define "troupe.recordingsVolume" -}}
{{- $place := .Values.config.RECORDINGS_DIR -}}
{{- range .Values.extraVolumeMounts -}}
{{- if hasPrefix (printf "%s/" (trimSuffix "/" .mountPath)) (printf "%s/" $place) -}}{{- $place = "" -}}{{- end -}}
{{- end -}}
{{- with $place -}}true{{- end -}}
{{- end -}}

{{/*
In MB. A pod whose disk grows beyond its limit is evicted at once, with its rooms: so what is kept must
fit, and what each room may write before the oldest are deleted again.
*/}}
{{- define "troupe.recordingsSize" -}}
{{- $keep := .Values.config.RECORDINGS_KEEP_MB -}}
{{- $rooms := default 10 .Values.config.MAX_CONCURRENT_ROOMS | int -}}
{{ add (kindIs "invalid" $keep | ternary 1000 $keep | int) (mul $rooms (default 20 .Values.config.RECORDING_MAX_MB | int)) }}
{{- end -}}

{{/* uid 1000 is the image's user: its compile cache is for that one alone. */}}
{{- define "troupe.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "troupe.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* A pod starts anew when what it reads changes; of an existing Secret the chart knows nothing. */}}
{{- define "troupe.checksum" -}}
checksum/config: {{ list .Values.config .Values.secret .Values.extraEnv | toJson | sha256sum }}
{{- end -}}
