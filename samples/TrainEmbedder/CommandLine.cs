using System.Globalization;

namespace TrainEmbedder;

/// <summary>What the user typed.</summary>
internal sealed record CommandLine(string Command)
{
    public const string Usage = """
        Usage: TrainEmbedder adapt --from MODEL --out FILE [--documents FOLDER] [--questions FILE] [--threads N]
               TrainEmbedder small --data FOLDER --out FILE [--card FILE] [--rows FILE] [--checkpoint FILE] [--steps N] [--threads N]
               TrainEmbedder measure --model FILE --data FOLDER
               TrainEmbedder measure-adaptation --model FILE --data FOLDER --out FILE

          adapt      adapts a model to a folder of .md and .txt files, to questions about them, or to both; takes minutes
                     --questions is a file of lines such as {"question": "...", "answer": "..."}
          small      makes the model of the package GenAI.Core.Models.Small from the data that docs/contributing.md describes, and its card
                     --rows keeps the rows before they are rounded to 8 bits, which the benchmarks compare with
          measure    measures a model on SciFact, Cranfield and the questions of corpus-docs
          measure-adaptation
                     adapts a model to 200 questions of a source that it does not know, and measures what that does to 200 others and to other sources

        A training with --checkpoint that was interrupted goes on where it was when the same command is given again.
        """;

    public string? Data { get; init; }

    public string? Out { get; init; }

    public string? Card { get; init; }

    public string? Rows { get; init; }

    public string? Checkpoint { get; init; }

    public string? From { get; init; }

    public string? Model { get; init; }

    public string? Documents { get; init; }

    public string? Questions { get; init; }

    public int? Steps { get; init; }

    public int? Threads { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <returns>The command line, or what is wrong with it.</returns>
    public static (CommandLine? CommandLine, string? Problem) Parse(string[] args)
    {
        if (args.Length == 0)
            return (null, "Name a command.");
        var result = new CommandLine(args[0]);
        for (var i = 1; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
                return (null, $"{args[i]} needs a value.");
            var value = args[i + 1];
            int? number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 ? parsed : null;
            if (args[i] is "--steps" or "--threads" && number is null)
                return (null, $"{args[i]} is '{value}'; it must be a whole number above 0.");
            switch (args[i])
            {
                case "--data": result = result with { Data = value }; break;
                case "--out": result = result with { Out = value }; break;
                case "--card": result = result with { Card = value }; break;
                case "--rows": result = result with { Rows = value }; break;
                case "--checkpoint": result = result with { Checkpoint = value }; break;
                case "--from": result = result with { From = value }; break;
                case "--model": result = result with { Model = value }; break;
                case "--documents": result = result with { Documents = value }; break;
                case "--questions": result = result with { Questions = value }; break;
                case "--steps": result = result with { Steps = number }; break;
                case "--threads": result = result with { Threads = number }; break;
                default: return (null, $"There is no option {args[i]}.");
            }
        }

        return result.Command switch
        {
            "adapt" when result.From is null || result.Out is null => (null, "adapt needs --from, the model to start from, and --out."),
            "adapt" when result.Documents is null && result.Questions is null => (null, "adapt needs --documents, --questions or both."),
            "small" when result.Data is null || result.Out is null => (null, "small needs --data and --out."),
            "measure" when result.Model is null || result.Data is null => (null, "measure needs --model and --data."),
            "measure-adaptation" when result.Model is null || result.Data is null || result.Out is null => (null, "measure-adaptation needs --model, --data and --out."),
            "adapt" or "small" or "measure" or "measure-adaptation" => (result, null),
            _ => (null, $"There is no command '{result.Command}'."),
        };
    }
}
