package lifecycle

// field is a field of a Job, and a value that the Jobs of these specs do not have in it.
type field struct {
	path  string // below the table's own, as in a JSON pointer
	value string // JSON
	may   change
}

// change says when a field may be given another value.
type change int

const (
	never          change = iota
	whileSuspended        // suspended, and none of its pods is left
	always
)

// specFields are those of the spec of a Job that is not Indexed, but for suspend and the template.
var specFields = []field{
	{"activeDeadlineSeconds", `3600`, always},
	{"backoffLimit", `5`, always},
	{"completionMode", `"Indexed"`, never},
	{"completions", `2`, never},
	{"managedBy", `"example.com/other"`, never},
	{"manualSelector", `true`, always},
	{"parallelism", `2`, always},
	{"podFailurePolicy", `{"rules": [{"action": "Count", "onExitCodes": {"operator": "In", "values": [3]}}]}`, never},
	{"podReplacementPolicy", `"Failed"`, always},
	{"selector", `{"matchLabels": {"job-name": "one-by-one"}}`, never},
	{"ttlSecondsAfterFinished", `3600`, always},
}

// indexedFields are those that only the spec of an Indexed Job has.
var indexedFields = []field{
	{"backoffLimitPerIndex", `2`, never},
	{"maxFailedIndexes", `1`, always},
	{"successPolicy", `{"rules": [{"succeededIndexes": "0"}]}`, never},
}

// templateFields are those of a Job's pod template, but for the fields of its containers.
var templateFields = []field{
	{"metadata/annotations", `{"example.com/changed": "yes"}`, whileSuspended},
	{"metadata/labels/changed", `"yes"`, whileSuspended},
	{"spec/activeDeadlineSeconds", `3600`, never},
	{"spec/affinity", `{"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [` +
		`{"matchExpressions": [{"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}]}]}}}`, whileSuspended},
	{"spec/affinity", `{"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [` +
		`{"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "other"}}}]}}`, never},
	{"spec/automountServiceAccountToken", `false`, never},
	{"spec/containers/-", `{"name": "another", "image": "busybox:1.35.0"}`, never},
	{"spec/dnsConfig", `{"searches": ["example.com"]}`, never},
	{"spec/dnsPolicy", `"Default"`, never},
	{"spec/enableServiceLinks", `false`, never},
	{"spec/hostAliases", `[{"ip": "192.0.2.1", "hostnames": ["other"]}]`, never},
	{"spec/hostIPC", `true`, never},
	{"spec/hostNetwork", `true`, never},
	{"spec/hostPID", `true`, never},
	{"spec/hostUsers", `false`, never},
	{"spec/hostname", `"other"`, never},
	{"spec/hostnameOverride", `"other"`, never},
	{"spec/imagePullSecrets", `[{"name": "other"}]`, never},
	{"spec/initContainers", `[{"name": "another", "image": "busybox:1.35.0"}]`, never},
	{"spec/nodeName", `"other"`, never},
	{"spec/nodeSelector", `{"kubernetes.io/os": "linux"}`, whileSuspended},
	{"spec/os", `{"name": "linux"}`, never},
	{"spec/overhead", `{"cpu": "1m"}`, never},
	{"spec/preemptionPolicy", `"Never"`, never},
	{"spec/priority", `1`, never},
	{"spec/priorityClassName", `"other"`, never},
	{"spec/readinessGates", `[{"conditionType": "example.com/other"}]`, never},
	{"spec/resourceClaims", `[{"name": "other", "resourceClaimName": "other"}]`, never},
	{"spec/resources", `{"limits": {"memory": "64Mi"}}`, never},
	{"spec/restartPolicy", `"OnFailure"`, never},
	{"spec/runtimeClassName", `"other"`, never},
	{"spec/schedulerName", `"other"`, never},
	{"spec/schedulingGates", `[{"name": "example.com/gate"}]`, whileSuspended},
	{"spec/securityContext", `{"runAsUser": 1000}`, never},
	{"spec/serviceAccount", `"other"`, never},
	{"spec/serviceAccountName", `"other"`, never},
	{"spec/setHostnameAsFQDN", `true`, never},
	{"spec/shareProcessNamespace", `true`, never},
	{"spec/subdomain", `"other"`, never},
	{"spec/terminationGracePeriodSeconds", `2`, never},
	{"spec/tolerations", `[{"key": "example.com/other", "operator": "Exists"}]`, whileSuspended},
	{"spec/topologySpreadConstraints", `[{"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", ` +
		`"whenUnsatisfiable": "ScheduleAnyway", "labelSelector": {"matchLabels": {"app": "other"}}}]`, never},
	{"spec/volumes", `[{"name": "another", "emptyDir": {}}]`, never},
}

// containerFields are those of a container of the template.
var containerFields = []field{
	{"args", `["other"]`, never},
	{"command", `["true"]`, never},
	{"env", `[{"name": "OTHER", "value": "yes"}]`, never},
	{"envFrom", `[{"configMapRef": {"name": "other"}}]`, never},
	{"image", `"busybox:other"`, never},
	{"imagePullPolicy", `"Always"`, never},
	{"lifecycle", `{"preStop": {"exec": {"command": ["true"]}}}`, never},
	{"livenessProbe", `{"exec": {"command": ["true"]}}`, never},
	{"name", `"other"`, never},
	{"ports", `[{"containerPort": 80}]`, never},
	{"readinessProbe", `{"exec": {"command": ["true"]}}`, never},
	{"resizePolicy", `[{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]`, never},
	{"resources", `{"requests": {"cpu": "2m", "memory": "4Mi"}}`, whileSuspended},
	{"restartPolicy", `"OnFailure"`, never},
	{"restartPolicyRules", `[{"action": "Restart", "exitCodes": {"operator": "In", "values": [3]}}]`, never},
	{"securityContext", `{"runAsUser": 1000}`, never},
	{"startupProbe", `{"exec": {"command": ["true"]}}`, never},
	{"stdin", `true`, never},
	{"stdinOnce", `true`, never},
	{"terminationMessagePath", `"/tmp/other"`, never},
	{"terminationMessagePolicy", `"FallbackToLogsOnError"`, never},
	{"tty", `true`, never},
	{"volumeDevices", `[{"name": "other", "devicePath": "/dev/other"}]`, never},
	{"volumeMounts", `[{"name": "other", "mountPath": "/other"}]`, never},
	{"workingDir", `"/tmp"`, never},
}
