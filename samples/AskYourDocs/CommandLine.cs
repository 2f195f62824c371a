namespace AskYourDocs;

/// <summary>What the user typed.</summary>
internal sealed record CommandLine(string Folder, string? Question, Uri? Endpoint, string? Model)
{
    public const string Usage = """
        Usage: AskYourDocs <folder> ["<question>"] [--endpoint URL --model NAME]

          <folder>      a folder with .md and .txt files; the folders below it are read too
          <question>    what to ask; without one you are asked for questions until you leave a line empty
          --endpoint    the address of an OpenAI-compatible server, such as http://localhost:11434/v1
          --model       the name of the model on that server
                        A key, where the server wants one, is read from the environment variable OPENAI_API_KEY.

        Without --endpoint nothing leaves this machine: answers are quotes from the documents.
        Exit codes: 0 answered, 1 the documents hold no answer, 2 wrong command line, 3 folder cannot be used, 4 model failed, 130 cancelled.
        """;

    /// <summary>Whether the user asks how to call the program.</summary>
    public static bool AsksForHelp(string[] args) => args.Any(argument => argument is "--help" or "-h" or "-?");

    /// <summary>Reads the arguments.</summary>
    /// <returns>The command line, or what is wrong with it.</returns>
    public static (CommandLine? CommandLine, string? Problem) Parse(string[] args)
    {
        var words = new List<string>();
        string? endpoint = null, model = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--endpoint" or "--model" when i + 1 == args.Length:
                    return (null, $"{args[i]} needs a value.");
                case "--endpoint":
                    endpoint = args[++i];
                    break;
                case "--model":
                    model = args[++i];
                    break;
                case ['-', '-', ..]:
                    return (null, $"There is no option {args[i]}.");
                default:
                    words.Add(args[i]);
                    break;
            }
        }

        if (words.Count == 0)
            return (null, "Name the folder with your documents.");
        if (words.Count > 2)
            return (null, $"There is one word too many: '{words[2]}'. Put the question in quotation marks.");
        if (words.Count == 2 && string.IsNullOrWhiteSpace(words[1]))
            return (null, "The question is empty. Leave it out to be asked for questions.");
        if (endpoint is null != model is null)
            return (null, "--endpoint and --model go together.");

        Uri? address = null;
        if (endpoint is not null && (!Uri.TryCreate(endpoint, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https")))
            return (null, $"'{endpoint}' is not an http address. An example: http://localhost:11434/v1");
        return (new CommandLine(words[0], words.Count > 1 ? words[1] : null, address, model), null);
    }
}
