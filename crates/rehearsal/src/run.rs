//! Plays cases on a stage, step by step, and writes down what happened.

use std::cell::RefCell;

use serde_json::Value;
use units::Clock;

use crate::compare::judge;
use crate::report::{Failure, Outcome, Problem, Report};
use crate::variables::{Datum, Filler, Scope};
use crate::{Act, Case, Command, Exchange, Expectation, Fault, Kind, Library, Place, Stage, Step, Table};

/// Plays the cases of a library.
pub struct Runner<'a> {
    library: &'a Library,
    clock: &'a dyn Clock,
    run: String,
}

/// How far a case has come.
#[derive(Clone, Default)]
struct World<'c> {
    scope: Scope,
    /// The last `when`, which `eventually` repeats.
    act: Option<(&'c Place, &'c Command)>,
    reply: Option<Value>,
    exchanges: Vec<Exchange>,
    /// Steps carried out.
    steps: usize,
    /// Steps whose text tells how one came here: the last `when` and the `use` lines around it.
    trail: Vec<(Place, String)>,
    problems: Vec<Problem>,
}

impl<'a> Runner<'a> {
    /// `run` begins every `${run}` of this runner: short, letters and digits, another each time, so that the cases can be
    /// repeated against a server that keeps its state. `clock` must show the time of the stage.
    pub fn new(library: &'a Library, clock: &'a dyn Clock, run: impl Into<String>) -> Self {
        Self { library, clock, run: run.into() }
    }

    /// Plays every case that is to be played.
    pub fn play(&self, stage: &mut dyn Stage) -> Report {
        let mut report = Report::default();
        for (number, case) in self.library.cases().enumerate() {
            report.outcomes.extend(self.play_case(stage, case, number + 1));
        }
        report
    }

    /// Plays one case; `number` tells its `${run}` from those of other cases. One outcome, or one for each row of examples.
    pub fn play_case(&self, stage: &mut dyn Stage, case: &Case, number: usize) -> Vec<Outcome> {
        let run = format!("{}{number:02}", self.run);
        let mut world = World::default();
        world.scope.known.insert("run".into(), Datum::quoted(run.as_str()));
        stage.begin(&case.title, &run);

        let begun = self.clock.now();
        let mut parts = case.steps.split(|step| matches!(step.kind, Kind::Examples(_)));
        let tables: Vec<&Table> = case.steps.iter().filter_map(|step| examples(step)).collect();
        self.steps(stage, &mut world, parts.next().unwrap_or_default());
        if tables.is_empty() || !world.problems.is_empty() {
            return vec![self.outcome(case, None, world, begun)];
        }
        let mut outcomes = Vec::new();
        for (table, steps) in tables.into_iter().zip(parts) {
            for (number, (at, cells)) in table.rows.iter().enumerate() {
                let begun = self.clock.now();
                let mut world = World { steps: 0, ..world.clone() };
                let label = self.bind(stage, &mut world, table, number + 1, (at, cells));
                if world.problems.is_empty() {
                    self.steps(stage, &mut world, steps);
                }
                outcomes.push(self.outcome(case, Some(label), world, begun));
            }
        }
        outcomes
    }

    fn outcome(&self, case: &Case, row: Option<String>, world: World<'_>, begun: units::Moment) -> Outcome {
        let failure = (!world.problems.is_empty()).then_some(Failure {
            trail: world.trail,
            problems: world.problems,
            exchanges: world.exchanges,
        });
        let seconds = self.clock.now().since(begun);
        Outcome { at: case.at.clone(), title: case.title.clone(), row, steps: world.steps, seconds, failure }
    }

    /// Gives the row's cells to the variables; returns what the row is called in reports.
    fn bind(
        &self,
        stage: &mut dyn Stage,
        world: &mut World<'_>,
        table: &Table,
        number: usize,
        (at, cells): (&Place, &[crate::Term]),
    ) -> String {
        world.scope.known.insert("row".into(), Datum { text: number.to_string(), form: crate::Form::Bare });
        let mut shown = Vec::new();
        for (column, cell) in table.columns.iter().zip(cells) {
            let datum = self.filled(stage, world, |fill| fill.term(cell));
            match datum {
                Ok(datum) => {
                    shown.push(format!("{column} = {}", datum.text));
                    world.scope.known.insert(column.clone(), datum);
                }
                Err(message) => world.problems.push(Problem::message(at, "examples", message)),
            }
        }
        format!("row {number}: {}", shown.join(", "))
    }

    fn steps<'c>(&self, stage: &mut dyn Stage, world: &mut World<'c>, steps: &'c [Step])
    where
        'a: 'c,
    {
        for step in steps {
            // Expectations that stand together are all looked at, so that one failure shows the whole picture.
            if !world.problems.is_empty() && !matches!(step.kind, Kind::Then(_)) {
                return;
            }
            world.steps += 1;
            if let Err(message) = self.step(stage, world, step) {
                world.problems.push(Problem::message(&step.at, &step.text, message));
                return;
            }
        }
    }

    fn step<'c>(&self, stage: &mut dyn Stage, world: &mut World<'c>, step: &'c Step) -> Result<(), String>
    where
        'a: 'c,
    {
        match &step.kind {
            Kind::Given(command) => {
                let act = self.filled(stage, world, |fill| fill.act(&step.at, command))?;
                stage.given(&act).map_err(|fault| note(world, fault))
            }
            Kind::When(command) => {
                let mark = (step.at.clone(), step.text.clone());
                world.trail.retain(|(_, text)| text.starts_with("use "));
                world.trail.push(mark);
                world.act = Some((&step.at, command));
                self.act(stage, world)
            }
            Kind::Then(held) => {
                let problem = self.judged(stage, world, held)?;
                world.problems.extend(problem);
                Ok(())
            }
            Kind::Eventually { seconds, expectations } => self.eventually(stage, world, *seconds, expectations),
            Kind::Save { name, path } => {
                let path = self.filled(stage, world, |fill| path.filled(&|text| fill.text(text)))?;
                let reply = world.reply.as_ref().ok_or("no reply yet to save from")?;
                let part = path.find(reply).ok_or_else(|| format!("there is no {path} in the reply"))?;
                world.scope.known.insert(name.clone(), Datum::of(&part));
                Ok(())
            }
            Kind::Let { name, term } => {
                let datum = self.filled(stage, world, |fill| fill.term(term))?;
                world.scope.known.insert(name.clone(), datum);
                Ok(())
            }
            Kind::Use(wanted) => {
                let used = self.library.find(&step.at.file, wanted).ok_or("this case is not loaded")?;
                let depth = world.trail.iter().filter(|(_, text)| text.starts_with("use ")).count();
                world.trail.retain(|(_, text)| text.starts_with("use "));
                world.trail.push((step.at.clone(), step.text.clone()));
                self.steps(stage, world, &used.steps);
                if world.problems.is_empty() {
                    world.trail.truncate(depth);
                }
                Ok(())
            }
            Kind::Clock(seconds) => stage.clock(*seconds).map_err(|fault| note(world, fault)),
            // The case was cut at its examples; a used case has none.
            Kind::Examples(_) => Ok(()),
        }
    }

    fn act(&self, stage: &mut dyn Stage, world: &mut World<'_>) -> Result<(), String> {
        let (at, command) = world.act.ok_or("no `when` to repeat")?;
        let act: Act = self.filled(stage, world, |fill| fill.act(at, command))?;
        world.reply = None;
        let reply = stage.act(&act).map_err(|fault| note(world, fault))?;
        world.reply = Some(reply.value);
        world.exchanges = reply.exchanges;
        Ok(())
    }

    fn judged(&self, stage: &mut dyn Stage, world: &World<'_>, held: &Expectation) -> Result<Option<Problem>, String> {
        let reply = world.reply.as_ref().ok_or("no reply yet to look at; a `when` comes first")?;
        let mismatch = self.filled(stage, world, |fill| {
            let path = held.path.filled(&|text| fill.text(text))?;
            judge(&held.check, path.find(reply).as_deref(), fill)
        })?;
        Ok(mismatch.map(|m| Problem {
            at: held.at.clone(),
            text: held.text.clone(),
            expected: Some(m.expected),
            actual: m.actual,
        }))
    }

    /// Looks, and as long as something does not hold, waits (longer each time), acts again and looks again. Patience is
    /// counted in the time waited and not on a clock, so that the result does not depend on the machine.
    fn eventually(
        &self,
        stage: &mut dyn Stage,
        world: &mut World<'_>,
        seconds: i64,
        expectations: &[Expectation],
    ) -> Result<(), String> {
        let mut left = u64::try_from(seconds).unwrap_or_default() * 1_000;
        let mut pause = 50;
        loop {
            let mut problems = Vec::new();
            for held in expectations {
                problems.extend(self.judged(stage, world, held)?);
            }
            if problems.is_empty() || left == 0 {
                let late = |p: Problem| Problem { text: format!("eventually within {seconds}s {}", p.text), ..p };
                world.problems.extend(problems.into_iter().map(late));
                return Ok(());
            }
            let waited = left.min(pause);
            stage.wait(waited);
            left -= waited;
            pause = (pause * 2).min(1_000);
            self.act(stage, world)?;
        }
    }

    fn filled<T>(
        &self,
        stage: &mut dyn Stage,
        world: &World<'_>,
        with: impl FnOnce(&Filler<'_>) -> Result<T, String>,
    ) -> Result<T, String> {
        let stage = RefCell::new(stage);
        let known = |name: &str| stage.borrow().variable(name);
        with(&Filler { scope: &world.scope, now: self.clock.now(), stage: &known })
    }
}

fn examples(step: &Step) -> Option<&Table> {
    match &step.kind {
        Kind::Examples(table) => Some(table),
        _ => None,
    }
}

fn note(world: &mut World<'_>, fault: Fault) -> String {
    world.exchanges = fault.exchanges;
    fault.message
}
