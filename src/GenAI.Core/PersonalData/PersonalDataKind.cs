namespace GenAI.Core.PersonalData;

/// <summary>The kinds of personal data that are found by their form, by check digits, and by the words around them.</summary>
public enum PersonalDataKind
{
    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A phone number: international, or in a common national form; other forms in context ("call me at ...").</summary>
    Phone,

    /// <summary>The number of a payment card: an issuer's range and length, and the check digit of H. P. Luhn (ISO/IEC 7812-1).</summary>
    PaymentCard,

    /// <summary>An international bank account number: the country's form and the check digits of ISO 7064 MOD 97-10 (ISO 13616).</summary>
    Iban,

    /// <summary>A routing number of the American Bankers Association with its check digit, in context.</summary>
    BankRouting,

    /// <summary>A social security number of the United States, in its usual form or in context.</summary>
    UsSocialSecurity,

    /// <summary>An individual taxpayer number of the United States.</summary>
    UsTaxpayer,

    /// <summary>A national insurance number of the United Kingdom.</summary>
    UkNationalInsurance,

    /// <summary>A number of the National Health Service of the United Kingdom with its check digit (modulus 11), in context.</summary>
    UkNhs,

    /// <summary>A value-added tax number of a member state of the European Union, or of the United Kingdom, with its check digits.</summary>
    VatId,

    /// <summary>A national identity or tax number of a person with its check digits.</summary>
    NationalId,

    /// <summary>The number of a passport, in context.</summary>
    Passport,

    /// <summary>The number of a driving licence, in context.</summary>
    DrivingLicence,

    /// <summary>An IP address of version 4 or 6, other than those that mean no machine or this one.</summary>
    IpAddress,

    /// <summary>The address of a network adapter.</summary>
    MacAddress,

    /// <summary>User and password in a URL.</summary>
    UrlCredentials,

    /// <summary>A place on Earth in degrees.</summary>
    Coordinates,

    /// <summary>An address of a crypto currency with its checksum: Base58Check, Bech32 (BIP 173 and 350), or EIP-55.</summary>
    CryptoAddress,

    /// <summary>A date of birth, in context.</summary>
    BirthDate,

    /// <summary>A web address. Not looked for unless asked for.</summary>
    WebAddress,

    /// <summary>The age of a person, in context. Not looked for unless asked for.</summary>
    Age,

    /// <summary>The name of a person; needs a tagger.</summary>
    PersonName,

    /// <summary>The name of a place; needs a tagger.</summary>
    PlaceName,

    /// <summary>The name of an organization; needs a tagger, and is not looked for unless asked for.</summary>
    OrganizationName,
}
