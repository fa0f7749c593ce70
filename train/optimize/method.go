package optimize

// Method improves the parameters of a problem in its store.
type Method interface {
	// Step does one iteration.
	Step() (Report, error)
	// Restart tells that f has changed, by new points or weights, or the parameters from outside.
	Restart() error
	// State is what resuming needs beside the store's variables, as JSON; variables named "work." are not needed.
	State() ([]byte, error)
	SetState([]byte) error
}

// Report is what a step did.
type Report struct {
	F       float64            // after the step
	Stalled bool               // no decrease was found: further steps are of no use until f changes
	Details map[string]float64 // of the method: damping, step length, number of evaluations
}
