package scenario

const (
	// PlanVariable is the environment variable that names the file of a plan to be conducted instead of those that every run
	// conducts (make replay), and TimesVariable the one that says how often; once if it is empty.
	PlanVariable  = "JOBPROOF_PLAN"
	TimesVariable = "JOBPROOF_TIMES"
	// ReplayLabel is on the specs of such a plan, and on no others.
	ReplayLabel = "replay"
)
