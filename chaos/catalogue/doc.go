// Package catalogue is the table of all faults by name: what each does, what it hits, where it may be injected and which
// parameters it takes. Plans and the storm find their faults here; a spec calls the constructor of the fault's package.
package catalogue
