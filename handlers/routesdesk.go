package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
)

// desk are the addresses with forms: of visitors, of people who sign in, and of
// the console. Each form is answered at the address where it stands.
func (s *Site) desk(app *fiber.App, l lang.Lang) {
	get := func(path string, h fiber.Handler) { app.Get(l.Path(path), h) }
	post := func(path string, h fiber.Handler) { app.Post(l.Path(path), s.sameOrigin, h) }
	open := func(path string, form, answer fiber.Handler) { get(path, form); post(path, answer) }
	own := func(path string, form, answer personal) { get(path, s.me(form)); post(path, s.me(answer)) }

	open("/sign-up", s.signUpForm, s.signUp)
	open("/confirm", s.confirmForm, s.confirm)
	open("/account/address/confirm", s.newAddressForm, s.newAddress)
	open("/sign-in", s.signInForm, s.signIn)
	open("/sign-in/code", s.codeForm, s.code)
	open("/forgot", s.forgotForm, s.forgot)
	open("/reset", s.resetForm, s.reset)
	open("/join", s.joinForm, s.me(s.joinOrg))
	open("/report", s.reportForm, s.fileReport)
	post("/sign-out", s.meOrOver(s.signOut))

	get("/account", s.me(s.accountPage))
	get("/account/data", s.me(s.data))
	own("/account/profile", s.profileForm, s.profile)
	own("/account/password", s.passwordForm, s.password)
	own("/account/address", s.addressForm, s.address)
	own("/account/two-step", s.secondForm, s.secondOn)
	own("/account/two-step/off", s.ask("off"), s.secondOff)
	own("/account/two-step/recovery", s.ask("recovery"), s.recovery)
	own("/account/sessions", s.sessionsPage, s.endSessions)
	own("/account/delete", s.ask("delete"), s.deleteAccount)

	get("/console", s.me(s.console))
	own("/console/organisations/new", s.newOrgForm, s.newOrg)
	get("/console/organisations/:org", s.me(s.org))
	own("/console/organisations/:org/edit", s.editOrgForm, s.editOrg)
	post("/console/organisations/:org/apply", s.me(s.applyOrg))
	own("/console/organisations/:org/documents", s.org, s.addDocument)
	get("/console/organisations/:org/documents/:doc", s.me(s.document))
	post("/console/organisations/:org/documents/remove", s.me(s.removeDocument))

	get("/console/people", s.me(s.peopleList))
	own("/console/people/roles", s.roles, s.grant)
	get("/console/people/:org", s.me(s.people))
	own("/console/people/:org/invite", s.people, s.invite)
	own("/console/people/:org/role", s.people, s.setRole)
	own("/console/people/:org/remove", s.people, s.removeMember)
	post("/console/people/:org/revoke", s.me(s.revoke))

	get("/console/shop", s.me(s.shop))
	own("/console/shop/new", s.newProductForm, s.newProduct)
	get("/console/shop/:product", s.me(s.productDesk))
	own("/console/shop/:product/edit", s.editProductForm, s.editProduct)
	get("/console/shop/:product/preview", s.me(s.preview))
	own("/console/shop/:product/stock", s.stock, s.changeStock)
	own("/console/shop/:product/photo", s.productDesk, s.setPhoto)
	own("/console/shop/:product/publish", s.productDesk, s.publish)
	own("/console/shop/:product/withdraw", s.productDesk, s.withdraw)
	own("/console/shop/:product/drop", s.productDesk, s.drop)
	own("/console/shop/:org/portrait", s.portraitForm, s.portrait)

	get("/console/market", s.me(s.market))
	get("/console/market/claims", s.me(s.claims))
	own("/console/market/claims/:product", s.claim, s.checkClaim)
	own("/console/market/claims/:product/withdraw", s.claim, s.takeOut)
	get("/console/market/texts", s.me(s.texts))
	own("/console/market/texts/:page", s.text, s.editText)
	own("/console/market/mail", s.failedMail, s.retryMail)
	own("/console/market/:org", s.marketOrg, s.decide)

	get("/console/reports", s.me(s.reports))
	own("/console/reports/:report", s.report, s.workReport)
	get("/console/log", s.me(s.log))
	get("/console/log.csv", s.me(s.logCSV))
}
