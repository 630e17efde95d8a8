//! A provider with a resource that has an attribute of every kind, and behaves as a test tells it to.

use std::future::pending;

use serde_json::json;

use crate::framework::*;

pub(super) const THING: &str = "test_thing";

pub(super) const NAME: Attribute<String> = Attribute::required("name")
    .description("Its name, in any case.")
    .requires_replace()
    .normalise(lower_case)
    .validate(&[Validator::NonEmpty]);
pub(super) const LABEL: Attribute<Option<String>> =
    Attribute::optional("label").description("Its label.").normalise(lower_case);
pub(super) const SIZE: Attribute<i64> =
    Attribute::optional_with_default("size", || 5).description("Its size.").validate(&[Validator::Between(1, 10)]);
pub(super) const OWNER: Attribute<Option<String>> =
    Attribute::optional_computed("owner").description("Whose it is.").keep_state_for_unknown().requires_replace();
pub(super) const TAGS: Attribute<Option<Vec<String>>> = Attribute::optional("tags").description("Its tags.");
pub(super) const TOKEN: Attribute<Option<String>> =
    Attribute::write_only("token").description("Its token.").sensitive();
pub(super) const RULES: Attribute<Option<Vec<Permission>>> = Attribute::optional("rules").description("Its rules.");
pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("Its id.").keep_state_for_unknown();
pub(super) const ETAG: Attribute<Option<String>> = Attribute::computed("etag").description("Its revision.");
pub(super) const PORTS: Block<Vec<Port>> = Block::list("port").description("Its ports.");

fn lower_case(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| text.to_lowercase().into())
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Permission {
    pub(super) action: String,
    pub(super) number: Option<i64>,
}

impl Permission {
    pub(super) const ACTION: Attribute<String> =
        Attribute::required("action").description("Allow or deny.").validate(&[Validator::OneOf(&["allow", "deny"])]);
    pub(super) const NUMBER: Attribute<Option<i64>> = Attribute::optional_computed("number").description("Its number.");
}

impl NestedObject for Permission {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[&Self::ACTION, &Self::NUMBER]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self { action: object.get(&Self::ACTION)?, number: object.get(&Self::NUMBER)? })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&Self::ACTION, self.action);
        object.set(&Self::NUMBER, self.number);
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Port {
    number: i64,
}

impl Port {
    const NUMBER: Attribute<i64> = Attribute::required("number").description("Its number.");
}

impl NestedObject for Port {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[&Self::NUMBER]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self { number: object.get(&Self::NUMBER)? })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&Self::NUMBER, self.number);
    }
}

/// How the resource behaves.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Behaviour {
    #[default]
    Good,
    /// Every call panics.
    Panics,
    /// Creates and updates note what exists, then panic.
    PanicsAfterCheckpoint,
    /// Calls never end.
    Hangs,
    /// Creates and updates note what exists, then never end.
    HangsAfterCheckpoint,
    /// Fails without having changed anything.
    Fails,
    /// Fails half-way.
    FailsHalfWay,
    /// Succeeds without setting what is computed.
    Forgets,
    /// Gives back another label than was planned.
    ChangesLabel,
    /// Gives back the label in upper case.
    ShoutsLabel,
    /// Gives back another name than was planned.
    ChangesName,
    /// Plans another label than is configured.
    PlansLabel,
    /// Plans an owner, with a note for apply.
    PlansOwner,
    /// Reading finds nothing.
    Gone,
}

impl Behaviour {
    /// What every call does in some behaviours.
    async fn misbehave(self) {
        match self {
            Self::Panics => panic!("told to"),
            Self::Hangs => pending().await,
            _ => {}
        }
    }
}

pub(super) struct Thing(pub(super) Behaviour);

impl Thing {
    async fn change(&self, context: &Context, mut planned: State) -> Result<State, Failed> {
        self.0.misbehave().await;
        if self.0 == Behaviour::Fails {
            return Err(Failed::nothing_changed(Diagnostic::error("Refused", "Told to.")));
        }
        let name = planned.get(&NAME).map_err(Failed::nothing_changed)?;
        planned.set(&ID, Some(format!("/things/{name}")));
        let token = planned.get(&TOKEN).map_err(Failed::nothing_changed)?;
        planned.private_mut().set("token_length", token.map_or(0, |token| token.len()));
        match self.0 {
            Behaviour::PanicsAfterCheckpoint => {
                context.checkpoint(&planned);
                panic!("told to");
            }
            Behaviour::HangsAfterCheckpoint => {
                context.checkpoint(&planned);
                pending().await
            }
            Behaviour::FailsHalfWay => return Err(Failed::left(planned, Diagnostic::error("Refused", "Told to."))),
            Behaviour::Forgets => return Ok(planned),
            Behaviour::ChangesLabel => planned.set(&LABEL, Some("other".to_owned())),
            Behaviour::ShoutsLabel => {
                let label = planned.get(&LABEL).map_err(Failed::nothing_changed)?;
                planned.set(&LABEL, label.map(|label| label.to_uppercase()));
            }
            Behaviour::ChangesName => planned.set(&NAME, "other".to_owned()),
            _ => {}
        }
        let rules = planned.get(&RULES).map_err(Failed::nothing_changed)?;
        let numbered = |rules: Vec<Permission>| {
            let number = |(index, rule): (i64, Permission)| Permission { number: rule.number.or(Some(index)), ..rule };
            (0..).zip(rules).map(number).collect()
        };
        planned.set(&RULES, rules.map(numbered));
        planned.set(&ETAG, Some("1".to_owned()));
        let owner = planned.get(&OWNER).map_err(Failed::nothing_changed)?;
        planned.set(&OWNER, owner.or_else(|| Some("nobody".to_owned())));
        Ok(planned)
    }
}

impl Resource for Thing {
    type Client = &'static str;

    fn type_name(&self) -> &'static str {
        THING
    }

    fn schema(&self) -> Schema {
        Schema::new("A thing.")
            .version(2)
            .attribute(&NAME)
            .attribute(&LABEL)
            .attribute(&SIZE)
            .attribute(&OWNER)
            .attribute(&TAGS)
            .attribute(&TOKEN)
            .attribute(&RULES)
            .attribute(&ID)
            .attribute(&ETAG)
            .block(&PORTS)
            .timeouts(Timeouts::RESOURCE)
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity::of(0, &[&NAME]))
    }

    fn validate(&self, config: &Draft) -> Diagnostics {
        assert!(self.0 != Behaviour::Panics, "told to");
        match (config.get(&NAME), config.get(&LABEL)) {
            (Ok(Knowable::Known(name)), Ok(Knowable::Known(Some(label)))) if name == label => {
                Diagnostic::error("Name and label are equal", "They must differ.").at(LABEL.path()).into()
            }
            _ => Diagnostics::new(),
        }
    }

    async fn plan(&self, context: &Context, client: Option<&&'static str>, plan: &mut Plan) -> Result<(), Diagnostics> {
        self.0.misbehave().await;
        match self.0 {
            Behaviour::Fails => return Err(Diagnostic::error("Refused", "Told to.").into()),
            Behaviour::PlansLabel => plan.set(&LABEL, Some("other".to_owned())),
            Behaviour::PlansOwner => {
                plan.set(&OWNER, client.map(|client| (*client).to_owned()));
                plan.private_mut().set("planned", true);
            }
            _ => {}
        }
        if plan.action() == Action::Replace {
            context.warn(Diagnostic::warning("Replacement", "The thing is made anew."));
        }
        Ok(())
    }

    async fn plan_destroy(
        &self,
        context: &Context,
        _: Option<&&'static str>,
        prior: &State,
    ) -> Result<(), Diagnostics> {
        self.0.misbehave().await;
        context.warn(Diagnostic::warning("Destruction", prior.get(&NAME)?));
        Ok(())
    }

    async fn create(&self, context: &Context, _: &&'static str, planned: State) -> Result<State, Failed> {
        self.change(context, planned).await
    }

    async fn read(&self, _: &Context, _: &&'static str, mut state: State) -> Result<Read, Diagnostics> {
        self.0.misbehave().await;
        match self.0 {
            Behaviour::Fails => return Err(Diagnostic::error("Refused", "Told to.").into()),
            Behaviour::Gone => return Ok(Read::Gone),
            Behaviour::ShoutsLabel => {
                let label = state.get(&LABEL)?;
                state.set(&LABEL, label.map(|label| label.to_uppercase()));
            }
            Behaviour::ChangesName => state.set(&NAME, "other".to_owned()),
            _ => {}
        }
        state.set(&ETAG, Some("2".to_owned()));
        Ok(Read::Found(state))
    }

    async fn update(&self, context: &Context, _: &&'static str, _: State, planned: State) -> Result<State, Failed> {
        self.change(context, planned).await
    }

    async fn delete(&self, _: &Context, _: &&'static str, state: State) -> Result<(), Failed> {
        self.0.misbehave().await;
        match self.0 {
            Behaviour::Fails => Err(Failed::nothing_changed(Diagnostic::error("Refused", "Told to."))),
            Behaviour::FailsHalfWay => {
                let state = state.with(&ETAG, Some("gone".to_owned()));
                Err(Failed::left(state, Diagnostic::error("Refused", "Told to.")))
            }
            _ => Ok(()),
        }
    }

    async fn import(
        &self,
        _: &Context,
        _: &&'static str,
        target: ImportTarget,
        stub: State,
    ) -> Result<State, Diagnostics> {
        self.0.misbehave().await;
        if self.0 == Behaviour::Forgets {
            return Ok(stub);
        }
        match target {
            ImportTarget::Id(id) => Ok(stub.with(&NAME, id)),
            ImportTarget::Identity(identity) => Ok(stub.with(&NAME, identity.get(&NAME)?)),
        }
    }

    fn upgrades(&self) -> Vec<StateUpgrade> {
        vec![
            StateUpgrade {
                from: 0,
                upgrade: |mut state| {
                    state["title"] = state["oldest_title"].take();
                    Ok(state)
                },
            },
            StateUpgrade {
                from: 1,
                upgrade: |mut state| match state["title"].take() {
                    serde_json::Value::String(title) => {
                        state["name"] = json!(title);
                        Ok(state)
                    }
                    _ => Err(Diagnostic::error("No title", "A title is needed.").into()),
                },
            },
        ]
    }

    fn moves(&self) -> Vec<StateMove> {
        vec![StateMove {
            provider: "hashicorp/other",
            type_name: "other_thing",
            convert: |source| {
                let name = source.state["title"].as_str();
                Ok(name.map(|name| json!({ "name": name, "token": "secret" })))
            },
        }]
    }
}

pub(super) struct Lookup(pub(super) Behaviour);

impl Lookup {
    pub(super) const LIMIT: Attribute<i64> = Attribute::optional_with_default("limit", || 10).description("How many.");
    pub(super) const FOUND: Attribute<Option<String>> = Attribute::computed("found").description("What was found.");
}

impl DataSource for Lookup {
    type Client = &'static str;

    fn type_name(&self) -> &'static str {
        "test_lookup"
    }

    fn schema(&self) -> Schema {
        Schema::new("Looks up.").attribute(&Self::LIMIT).attribute(&LABEL).attribute(&Self::FOUND)
    }

    async fn read(&self, context: &Context, client: &&'static str, config: State) -> Result<State, Diagnostics> {
        self.0.misbehave().await;
        match self.0 {
            Behaviour::Fails => return Err(Diagnostic::error("Refused", "Told to.").into()),
            Behaviour::ChangesLabel => return Ok(config.with(&LABEL, Some("other".to_owned()))),
            _ => context.warn(Diagnostic::warning("Looked up", "As told.")),
        }
        let limit = config.get(&Self::LIMIT)?;
        Ok(config.with(&Self::FOUND, Some(format!("{limit} at {client}"))))
    }
}

struct Join(Behaviour);

impl Function for Join {
    fn signature(&self) -> Signature {
        Signature::new::<String>("join", "Joins", "Joins texts.")
            .parameter::<String>("separator", "Between the texts.")
            .variadic::<Option<String>>("texts", "The texts.")
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        match self.0 {
            Behaviour::Panics => panic!("told to"),
            Behaviour::Forgets => return Ok(Value::Bool(true)),
            _ => {}
        }
        let (separator, texts) = arguments.split_first().ok_or_else(|| FunctionError::new("no arguments"))?;
        let texts: Vec<_> = texts.iter().filter_map(Value::as_str).collect();
        Ok(texts.join(separator.as_str().unwrap_or_default()).into())
    }
}

pub(super) const URL: Attribute<Option<String>> = Attribute::optional("url").description("Where the things are.");

pub(super) struct TestProvider(pub(super) Behaviour);

impl Provider for TestProvider {
    type Client = &'static str;

    fn name(&self) -> &'static str {
        "test"
    }

    fn schema(&self) -> Schema {
        Schema::new("Things.").attribute(&URL)
    }

    async fn configure(&self, _: &Context, config: Draft, _: &str) -> Result<Knowable<&'static str>, Diagnostics> {
        let url = config.get(&URL)?;
        if url == Knowable::Known(Some("nowhere".to_owned())) {
            return Err(Diagnostic::error("No such place", "Told to.").at(URL.path()).into());
        }
        Ok(url.map(|_| "home"))
    }

    fn resources(&self) -> Vec<AnyResource<&'static str>> {
        vec![resource(Thing(self.0))]
    }

    fn data_sources(&self) -> Vec<AnyDataSource<&'static str>> {
        vec![data_source(Lookup(self.0))]
    }

    fn functions(&self) -> Vec<AnyFunction> {
        vec![function(Join(self.0))]
    }
}

/// A server that is configured.
pub(super) async fn server(behaviour: Behaviour) -> Server {
    let server = Server::new(TestProvider(behaviour)).expect("a sound provider");
    configure(&server, Value::Null).await;
    server
}

pub(super) async fn configure(server: &Server, url: Value) -> Diagnostics {
    let config = Value::object([("url", url)]);
    server.configure_provider(ConfigureRequest { terraform_version: "1.13.0".to_owned(), config }).await
}

pub(super) fn schema() -> Schema {
    Thing(Behaviour::Good).schema()
}

/// A configuration of a thing named `a`.
pub(super) fn config() -> Draft {
    Draft::empty(&schema()).with(&NAME, "a".to_owned())
}

/// The thing named `a`, as it is once it was created by that configuration.
pub(super) fn existing() -> State {
    State::empty(&schema())
        .with(&NAME, "a".to_owned())
        .with(&SIZE, 5)
        .with(&OWNER, Some("nobody".to_owned()))
        .with(&ID, Some("/things/a".to_owned()))
        .with(&ETAG, Some("1".to_owned()))
}

pub(super) fn identity(name: &str) -> Value {
    Value::object([("name", name.into())])
}

/// What a CLI asks to plan a configuration.
pub(super) fn plan_request(config: Draft, prior: Option<&State>) -> PlanRequest {
    let prior_state = prior.map_or(Value::Null, |prior| prior.value().clone());
    let config = config.value().clone();
    PlanRequest {
        type_name: THING.to_owned(),
        proposed_new_state: engine::plan::proposed(&schema(), &config, &prior_state),
        prior_identity: prior.map(|_| identity(prior_state.attribute("name").as_str().unwrap_or_default())),
        prior_state,
        config,
        prior_private: Vec::new(),
    }
}

/// What a CLI asks to apply a plan.
pub(super) fn apply_request(config: Draft, prior: Option<&State>, plan: &PlanResponse) -> ApplyRequest {
    ApplyRequest {
        type_name: THING.to_owned(),
        prior_state: prior.map_or(Value::Null, |prior| prior.value().clone()),
        planned_state: plan.planned_state.clone(),
        config: if plan.planned_state.is_null() { Value::Null } else { config.value().clone() },
        planned_private: plan.planned_private.clone(),
        planned_identity: plan.planned_identity.clone(),
    }
}

/// The paths of diagnostics, for short comparisons.
pub(super) fn told(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let path = diagnostic.path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default();
            format!("{path}{}", diagnostic.summary)
        })
        .collect()
}
