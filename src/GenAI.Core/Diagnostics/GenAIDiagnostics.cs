using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GenAI.Core.Diagnostics;

/// <summary>The one source of spans and the one meter of this library.</summary>
/// <remarks>
/// Add both by <see cref="SourceName"/> to OpenTelemetry. Attribute names follow the OpenTelemetry semantic conventions for
/// generative AI where they have one. Texts of documents, questions and answers are never recorded.
/// </remarks>
public static class GenAIDiagnostics
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string SourceName = "GenAI.Core";

    internal static readonly ActivitySource Source = new(SourceName);

    private static readonly Meter Meter = new(SourceName);

    private static readonly Counter<long> Documents = Meter.CreateCounter<long>(
        "genai_core.ingestion.documents", "{document}", "Documents that went through ingestion, by outcome.");

    private static readonly Counter<long> Chunks = Meter.CreateCounter<long>(
        "genai_core.ingestion.chunks", "{chunk}", "Chunks that were embedded and written.");

    private static readonly Counter<long> Answers = Meter.CreateCounter<long>(
        "genai_core.answers", "{answer}", "Answers that were given, by status.");

    private static readonly Counter<long> Claims = Meter.CreateCounter<long>(
        "genai_core.claims", "{claim}", "Claims of answers that were verified, by verdict.");

    private static readonly Counter<long> Guardrails = Meter.CreateCounter<long>(
        "genai_core.guardrail.decisions", "{decision}", "Decisions of guardrails other than to let a text pass, by guardrail, stage and outcome.");

    private static readonly Histogram<double> SearchDuration = Meter.CreateHistogram<double>(
        "genai_core.search.duration", "s", "Time to embed the query and search.");

    internal static void DocumentDone(string outcome) => Documents.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal static void ChunksWritten(int count) => Chunks.Add(count);

    internal static void Answered(AnswerStatus status) => Answers.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));

    internal static void Claimed(ClaimVerdict verdict) => Claims.Add(1, new KeyValuePair<string, object?>("verdict", verdict.ToString()));

    internal static void Guarded(string guardrail, string stage, string outcome) => Guardrails.Add(
        1, new KeyValuePair<string, object?>("guardrail", guardrail), new KeyValuePair<string, object?>("stage", stage), new KeyValuePair<string, object?>("outcome", outcome));

    internal static void Searched(TimeSpan duration) => SearchDuration.Record(duration.TotalSeconds);

    internal static Activity? StartSearch(int top)
    {
        var activity = Source.StartActivity("retrieval", ActivityKind.Internal);
        activity?.SetTag("gen_ai.operation.name", "retrieval");
        activity?.SetTag("gen_ai.request.top_k", top);
        return activity;
    }
}
