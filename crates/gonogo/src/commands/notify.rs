//! Telling the receivers of a gate what a run came to: after everything else, and without any say in it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gonogo_config::Loaded;
use gonogo_model::Report;
use gonogo_run::{Ci, Stop, World};
use tokio::sync::watch;

use crate::args::OutputArgs;
use crate::commands::baseline::Baseline;
use crate::streams::Streams;

/// Tells the receivers, and says on standard error what did not get through.
pub(crate) fn tell(
    loaded: &Loaded,
    (report, baseline): (&Report, &Baseline),
    (world, stop): (&World, watch::Receiver<Option<Stop>>),
    (output, ci): (&OutputArgs, Option<&Ci>),
    streams: &mut Streams,
) {
    let told = catch_unwind(AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let notified = gonogo_run::notify(loaded, (report, baseline.report()), world, stop);
        let notified = runtime.block_on(notified);
        // A lookup of the system that hangs must not keep the program from ending.
        runtime.shutdown_background();
        Ok::<_, String>(notified)
    }));
    let deliveries = match told {
        Ok(Ok(Ok(deliveries))) => deliveries,
        Ok(Ok(Err(withheld))) => {
            if !output.quiet {
                streams.complain(&format!("note: {withheld}"));
            }
            return;
        }
        Ok(Err(why)) => return lost(&format!("nobody was told: {why}"), ci, streams),
        Err(_panic) => return lost("telling the receivers crashed", ci, streams),
    };
    for delivery in deliveries {
        if delivery.is_lost() {
            lost(&delivery.line(), ci, streams);
        } else if output.verbose {
            streams.complain(&delivery.line());
        }
    }
}

/// What did not get through is shown whatever was asked for.
fn lost(line: &str, ci: Option<&Ci>, streams: &mut Streams) {
    streams.complain(line);
    if let Some(ci) = ci {
        streams.order(&ci.warning(line));
    }
}
