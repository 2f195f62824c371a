using System.Text;
using GenAI.Core.Benchmarks.Injection;
using GenAI.Core.Guardrails;
using GenAI.Core.Injection;
using GenAI.Core.Leaks;
using GenAI.Core.PersonalData;
using GenAI.Core.Policies;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>What the built-in guardrails find and wrongly find, what they let through of a stream, and what they cost.</summary>
internal static class GuardrailsSuite
{
    public static void Run(BenchmarkReport report)
    {
        if (report.Wants("guardrails/streaming"))
            GuardrailStreamRows.Run(report);
        if (report.Wants("guardrails/personal-data"))
            PersonalDataRows.Run(report);
        if (InjectionData.Load(report.Quick) is not { } data)
        {
            report.Absent("guardrails/injection", "needs the folders attacks and corpus-docs of the data");
            return;
        }

        if (report.Wants("guardrails/injection"))
            InjectionRows.Run(report, data);
        if (report.Wants("guardrails/speed"))
            Speed(report, data);
        if (report.Wants("guardrails/first-token"))
            FirstToken(report);
    }

    private static void Speed(BenchmarkReport report, InjectionData data)
    {
        var texts = data.Sections.Select(sample => sample.Text).TakeWhile(Bytes(report.Quick ? 2_000_000 : 10_000_000)).ToArray();
        var megabytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)) / 1e6;
        var medicine = new Topic("medicine", ["medicine", "doctor", "diagnosis"], minTerms: 2);
        (string Name, IGuardrail Guardrail)[] guardrails =
        [
            ("personal-data", new PersonalDataGuardrail()),
            ("secrets", new SecretsGuardrail()),
            ("injection", new InjectionGuardrail()),
            ("profanity", TermsGuardrail.Profanity()),
            ("topics", new TopicGuardrail([medicine])),
            ("language", new LanguageGuardrail(["en"])),
            ("length", new LengthGuardrail(1_000_000)),
        ];
        var runs = report.Quick ? 3 : 7;
        foreach (var (name, guardrail) in guardrails)
            report.Higher($"guardrails/speed/{name}", megabytes / Measure.Seconds(runs, () => Check([guardrail], texts)), "MB/s", runs);
        report.Higher("guardrails/speed/all-input", megabytes / Measure.Seconds(runs, () => Check([.. guardrails.Select(pair => pair.Guardrail)], texts)), "MB/s", runs, floor: 20);

        static Func<string, bool> Bytes(int most)
        {
            var read = 0;
            return text => (read += text.Length) < most;
        }
    }

    private static void Check(IGuardrail[] guardrails, string[] texts)
    {
        foreach (var text in texts)
        {
            var subject = new GuardrailText(text, GuardrailStages.Input);
            foreach (var guardrail in guardrails)
                _ = guardrail.CheckAsync(subject).AsTask().GetAwaiter().GetResult();
        }
    }

    // The first word that is released of a stream whose first piece holds nothing back, with all guardrails and with none.
    private static void FirstToken(BenchmarkReport report)
    {
        IGuardrail[] guardrails = [new PersonalDataGuardrail(), new SecretsGuardrail(), new InjectionGuardrail(), new ExfiltrationGuardrail(), TermsGuardrail.Profanity(), new RefusalGuardrail()];
        using IChatClient plain = new StreamingClient();
        using var guarded = new StreamingClient().AsBuilder().UseGuardrails(guardrails).Build();
        var runs = report.Quick ? 200 : 2000;
        var seconds = (Plain: new double[runs], Guarded: new double[runs]);
        for (var i = -50; i < runs; i++)
        {
            var (a, b) = (Measure.Once(() => First(plain)), Measure.Once(() => First(guarded)));
            if (i >= 0)
                (seconds.Plain[i], seconds.Guarded[i]) = (a, b);
        }

        report.Lower("guardrails/first-token/added", 1000 * (Measure.Median(seconds.Guarded) - Measure.Median(seconds.Plain)), "ms", runs, floor: 1);
    }

    private static void First(IChatClient client) => FirstAsync(client).GetAwaiter().GetResult();

    private static async Task FirstAsync(IChatClient client)
    {
        await foreach (var update in client.GetStreamingResponseAsync("How do I install the program on a new machine?"))
        {
            if (update.Text.Length > 0)
                return;
        }
    }

    private sealed class StreamingClient : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield return new ChatResponseUpdate(ChatRole.Assistant, "First, download it. ");
            yield return new ChatResponseUpdate(ChatRole.Assistant, "Then run it.");
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
