package catalog

// Names of the tasks that tell the owners of a producer what the operator did
// with a product, whose id is the task's object. They are for whoever joins the
// catalogue with people.
const (
	TaskConfirmed = "stars-confirmed"
	TaskRefused   = "stars-refused"
	TaskTakenOut  = "product-out"
	TaskLetBack   = "product-back"
)

// Told is the mail that a task stands for and the reason that was given; there
// is no mail of what is no longer so, since another task tells what came next.
func (p Product) Told(task string) (key, reason string) {
	out := p.takenOut()
	switch {
	case task == TaskConfirmed && p.OCOP != nil && p.OCOP.Holds():
		return "mail.stars_confirmed", ""
	case task == TaskRefused && p.OCOP != nil && p.OCOP.Checked != nil && !p.OCOP.Holds():
		return "mail.stars_refused", p.OCOP.Checked.Reason
	case task == TaskTakenOut && out:
		return "mail.product_out", p.Withdrawn.Reason
	case task == TaskLetBack && p.Published:
		return "mail.product_back", ""
	case task == TaskLetBack && !out:
		return "mail.product_allowed", ""
	}
	return "", ""
}
